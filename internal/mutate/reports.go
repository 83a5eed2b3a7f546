package main

// reportMutations are the rules about reports of concern, each broken once.
var reportMutations = []mutation{
	{"reports: an excluded colleague of the desk opens", "MatrixOfReports", q(`IF excl THEN k := 0; END IF;                                   --`), `--`},
	{"reports: excluded from the case is not excluded from its report", "MatrixOfReports", `(?s)x\.report_id = p_report AND x\.user_id = p_user\)\s+OR EXISTS \(SELECT 1 FROM app\.report_case rc JOIN app\.case_exclusion.*?WHERE rc\.report_id = p_report\)`, `x.report_id = p_report AND x.user_id = p_user)`},
	{"reports: the exclusions of the report are not looked at", "MatrixOfReports", q(`WHERE x.report_id = p_report AND x.user_id = p_user)`), `WHERE false)`},
	{"reports: another municipality (both places)", "MatrixOfReports", `(?s)here := FOUND AND r\.municipality = p_municipality;(.*?t\.area = r\.area) AND t\.municipality = p_municipality`, `here := FOUND;$1`},
	{"reports: admin and auditor", "MatrixOfReports", q(`IF here IS NOT TRUE OR p_role NOT IN ('caseworker','specialist','team_lead') THEN k := 0; END IF; -- admin and auditor: never
  RETURN k;
END $$;

-- perms() decides`), `RETURN k; END $$$$; -- perms() decides`},
	{"reports: the desk of the other area", "MatrixOfReports", q(`t.intake AND t.area = r.area AND t.municipality = p_municipality`), `t.intake AND t.municipality = p_municipality`},
	{"reports: any team of the area", "MatrixOfReports", q(`WHERE t.intake AND t.area = r.area`), `WHERE t.area = r.area`},
	{"reports: who has left the desk", "MatrixOfReports", q(`AND tm.user_id = p_user AND (tm.valid_to IS NULL OR tm.valid_to > now());
  IF d`), `AND tm.user_id = p_user; IF d`},
	{"reports: the mark as lead is enough without the role", "MatrixOfReports", q(`tm.is_lead AND p_role = 'team_lead' THEN 59`), `tm.is_lead THEN 59`},
	{"reports: the desk keeps a concluded report for ever", "MatrixOfReports", q(`AND (live OR r.concluded_at > now() - interval '30 days') THEN k := k | d`), `THEN k := k | d`},
	{"reports: the registrar keeps it for ever", "MatrixOfReports", q(`IF r.registered_by = p_user AND r.registered_at > now() - interval '14 days'`), `IF r.registered_by = p_user`},
	{"reports: the registrar writes", "MatrixOfReports", q(`interval '14 days' THEN k := k | 19;`), `interval '14 days' THEN k := k | 27;`},
	{"reports: a concluded one is written", "MatrixOfReports", q(`IF NOT live THEN k := k & ~8; END IF;`), ``},
	{"reports: the people of the case write", "MatrixOfReports", q(`& 2 = 2 THEN k := k | 3; END IF;`), `& 2 = 2 THEN k := k | 11; END IF;`},
	{"reports: a header of the case is enough", "MatrixOfReports", q(`c.case_id) & 2 = 2 THEN k`), `c.case_id) & 1 = 1 THEN k`},
	{"reports: a reviewer who is done for long", "MatrixOfReports", q(`z.reviewer = p_user AND (z.done_at IS NULL OR z.done_at > now() - interval '14 days'))`), `z.reviewer = p_user)`},
	{"report lists: exclusion", "MatrixOfReports", q(`WHERE NOT auth._report_excluded(u, x.id));
END $$;`), `); END $$$$;`},
	{"report lists: long concluded", "MatrixOfReports", q(`AND (r.concluded_at IS NULL OR r.concluded_at > now() - interval '30 days')
`), "\n"},
	{"report lists: sealed cases for the lead", "MatrixOfReports", q(`WHERE f.team_id = ANY (led) AND f.confidentiality < 2) x`), `WHERE f.team_id = ANY (led)) x`},
	{"report search: everything is found", "MatrixOfReports", q(`WHERE x.id = ANY (reports) ORDER BY x.id`), `ORDER BY x.id`},
	{"a match tells the desk", "MatchTells", q(`WHERE rc.report_id = p_report AND auth.perms(f.id) & 2 = 2`), `WHERE rc.report_id = p_report`},
	{"a match tells a responsible who must not know", "MatchTells", q(`IF FOUND AND NOT auth._report_excluded(o.responsible_id, NEW.report_id) THEN`), `IF FOUND THEN`},
	{"fresh eyes: a grant is no part", "InvolvedReassesses", q(`RETURN EXISTS (SELECT 1 FROM app.case_grant g WHERE g.case_id = p_case AND g.user_id = p_user)`), `RETURN false`},
	{"fresh eyes: an event is no part", "InvolvedReassesses", q(`OR EXISTS (SELECT 1 FROM app.case_event e WHERE e.case_id = p_case AND e.actor = p_user)`), ``},
	{"fresh eyes: who took the report", "InvolvedReassesses", q(`AND NOT app._took_report(u.id, x.id)`), ``},
	{"fresh eyes: raw SQL", "InvolvedReassesses", q(`AND NOT EXISTS (SELECT 1 FROM app._fresh_eyes(NEW.report_id, NEW.of_case) f WHERE f = NEW.reviewer) THEN`), `AND false THEN`},
	{"fresh eyes: somebody else records", "InvolvedReassesses", q(`OR z.reviewer IS DISTINCT FROM auth.uid() OR NOT`), `OR NOT`},
	{"fresh eyes: anybody chooses", "InvolvedReassesses", q(`THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF z.reviewer = p_user`), `THEN NULL; END IF;
  IF z.reviewer = p_user`},
}
