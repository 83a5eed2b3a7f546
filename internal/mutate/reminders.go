package main

// reminderMutations are the rules about who is told of what is due, and what a stand-in may open, each broken once.
var reminderMutations = []mutation{
	{"reminders: a lead is told of everything old when they begin", "WhenRemindersBegin", in("app.job_reminders", ` AND c.reminders_since <= x.due_at`), `$1`},
	{"absence: the trail does not say that cover fell away", "AStandInHasTheCases", in("app._cover_fell", `PERFORM audit._append('case:' || p_case, 'access.revoke', p_case, a.stand_in::text, jsonb_build_object('reason', 'cover', 'for', a.user_id));`), `$1`},
	{"absence: a case that is sealed says nothing of its cover", "AStandInHasTheCases", in("app.cover_falls_away", `PERFORM app._cover_fell(a, NEW.id, true);`), `$1`},
	{"reminders: anybody sets them", "AMunicipalityChooses", in("app.set_reminders", `IF auth.role() IS DISTINCT FROM 'admin' THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;`), `$1`},
	{"absence: anybody states one for a colleague", "WhoMayStateAnAbsence", in("app.state_absence", `IF me IS NULL OR NOT (p_user = me AND auth.role() IN ('caseworker','specialist','team_lead') OR p_user = ANY (auth.my_people())) THEN RETURN 'none'; END IF;`), `$1`},
	{"absence: anybody gives the receipt", "AStandInHasTheCases", in("app.answer_absence", ` AND x.stand_in = auth.uid()`), `$1`},
	{"absence: anybody ends it", "WhoIsBackEarly", in("app.end_absence", ` AND (a.user_id = auth.uid() OR a.user_id = ANY (auth.my_people()))`), `$1`},
	{"absence: a sealed case is covered", "AStandInHasTheCases", in("app._may_cover", ` AND f.confidentiality < 2`), `$1`},
	{"absence: a case that the stand-in is kept out of is covered", "AStandInHasTheCases", in("app._may_cover", ` AND NOT auth._excluded(a.stand_in, p_case)`), `$1`},
	{"absence: a closed case is covered", "AStandInHasTheCases", in("app._may_cover", `f.status = 'open' AND `), `$1`},
	{"absence: a lead gives another team's cases", "GivesNoMore", in("app._may_cover", ` AND m.team_id = f.team_id AND m.is_lead`), `$1 AND m.is_lead`},
	{"absence: covered before the receipt", "AStandInHasTheCases", in("app._cover", `a.state = 'accepted' AND `), `$1`},
	{"absence: covered before the first day", "AStandInWaits", in("app._cover", ` AND app._day(p_at) BETWEEN a.from_day AND a.to_day`), `$1`},
	{"absence: everybody sees what is not covered", "OnlyTheLeadSees", in("app.not_covered", ` AND x.user_id = ANY (auth.my_people())`), `$1`},
	{"absence: a lead sees the numbers of sealed cases", "OnlyTheLeadSees", in("app.not_covered", ` AND app._opens_case(me, f.id)`), `$1`},
	{"absence: anybody counts what happened", "OnlyTheLeadSees", in("app.while_away", ` AND x.user_id = auth.uid()`), `$1`},
	{"absence: read by everybody", "OnlyTheLeadSees", policy("sel ON app.absence", `user_id = (SELECT auth.uid()) OR`), `${1}true OR`},
	{"letters: the wishes of others", "Forgotten", policy("sel ON app.mail_wish", `user_id = (SELECT auth.uid())`), `${1}(SELECT auth.uid()) IS NOT NULL`},
}
