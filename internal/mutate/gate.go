package main

// gateMutations are the rules of the risk assessment and of the gate to parents and network, each broken once.
var gateMutations = []mutation{
	{"there is no gate", "Gate", q(`IF NOT FOUND OR f.area <> 'child' OR f.certainty = 'ruled_out' THEN RETURN false; END IF;`), `RETURN false;`},
	{"an adult's case has a gate", "Gate", q(`IF NOT FOUND OR f.area <> 'child' OR f.certainty = 'ruled_out' THEN RETURN false; END IF;`), `IF NOT FOUND OR f.certainty = 'ruled_out' THEN RETURN false; END IF;`},
	{"an expired assessment opens", "Gate|Newest", q(`IF NOT FOUND OR a.valid_until <= p_at THEN RETURN true; END IF;`), `IF NOT FOUND THEN RETURN true; END IF;`},
	{"an older assessment opens", "Newest", q(`AND x.signed_at <= p_at ORDER BY x.signed_at DESC, x.id DESC LIMIT 1;`), `AND x.signed_at <= p_at ORDER BY x.valid_until DESC LIMIT 1;`},
	{"a later assessment opens for what was before", "Yesterday", q(`WHERE x.case_id = p_case AND x.signed_at <= p_at ORDER BY`), `WHERE x.case_id = p_case ORDER BY`},
	{"a risen level leaves the gate open", "Gate", `RETURN array_position\(ARRAY\['green'[^;]*IS TRUE;`, `RETURN false;`},
	{"a lead's opening never ends", "TeamLead", q(`AND g.opened_at <= p_at AND g.until > p_at AND`), `AND g.opened_at <= p_at AND`},
	{"a gate that was shut again stays open", "TeamLead", q(` AND (g.closed_at IS NULL OR g.closed_at > p_at)) THEN RETURN false`), `) THEN RETURN false`},
	{"anybody who manages a case opens the gate", "Lead|TeamLead", q(`IF auth.role() <> 'team_lead' THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;`), ``},
	{"opening the gate leaves no line", "TeamLead", q(`PERFORM audit._append('case:' || p_case, 'gate.open'`) + `[^;]*;`, ``},
	{"the responsible does not hear of it", "TeamLead", `PERFORM app\._notify\([^;]*'gate\.opened'\);`, ``},
	{"steps are not asked at the gate", "Database", `CREATE TRIGGER step_at_gate [^;]*;`, ``},
	{"letters and visits are not asked at the gate", "Database", `CREATE TRIGGER note_at_gate [^;]*;`, ``},
	{"talks are not asked at the gate", "Database", `CREATE TRIGGER spoken_at_gate [^;]*;`, ``},
	{"a template's step can be said to be harmless", "Database", q(`IF TG_OP = 'INSERT' AND NOT NEW.requires_gate AND NEW.template_step <> '' THEN`), `IF false THEN`},
	{"a step at the gate can be declared harmless", "Database", q(`harmless := NOT NEW.requires_gate AND NOT OLD.requires_gate OR`), `harmless := NOT NEW.requires_gate OR`},
	{"a step at the gate gets a deadline", "Database", q(`NEW.requires_gate AND (NEW.due_at IS NULL OR OLD.requires_gate AND NEW.due_at IS NOT DISTINCT FROM OLD.due_at)`), `NEW.requires_gate`},
	{"a step at the gate is begun", "Database", q(`AND (NEW.status IN ('open','skipped') OR OLD.requires_gate AND NEW.status = OLD.status)`), ``},
	{"another step in its clothes", "Database", q(` AND (NEW.title = OLD.title OR NOT OLD.requires_gate)`), ``},
	{"a visit that is to come", "Database", q(`app._stands_at_gate(NEW.case_id, least(NEW.happened_at, now()))`), `app._stands_at_gate(NEW.case_id, NEW.happened_at - interval '1 year')`},
	{"the gate tells of hidden cases", "Hidden", q(`BEGIN RETURN p_case = ANY (auth.opened(16)) AND app._gate_shut(p_case, p_at); END $$;`), `BEGIN RETURN app._gate_shut(p_case, p_at); END $$$$;`},
	{"an assessment holds as long as one likes", "Holds", `(?s)CONSTRAINT valid_as_long_as_the_level_allows CHECK \(.*?\n\);`, `CHECK (true));`},
	{"the signer confirms", "SecondPerson", `CREATE TRIGGER confirmed_by_another [^;]*;`, ``},
	{"answers are added later (factors and persons)", "Adds", `CREATE TRIGGER with_its_signature [^;]*;`, ``},
}
