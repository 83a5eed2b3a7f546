package main

// consentMutations are the rules about consents and the compass, each broken once.
var consentMutations = []mutation{
	{"consent: a parent is asked while the gate is shut", "NobodyAsksAParent|ConsentsOfTheTown", in("app.consent_at_gate", `PERFORM app._refuse_at_gate();`), `${1}NULL;`},
	{"consent: the gate is judged by today", "NobodyAsksAParent", in("app.consent_at_gate", `least(now(), (NEW.given_on + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen')`), `${1}now()`},
	{"consent: none is named", "AConsentThatDoesNotHold", in("app.consent_holds", ` AND NEW.legal_basis IN ('CONSENT','SL_12C')`), `${1} AND false`},
	{"consent: towards somebody else", "AConsentThatDoesNotHold", in("app.consent_holds", `c.organisation_id <> NEW.organisation_id OR `), `$1`},
	{"consent: withdrawn", "AConsentThatDoesNotHold", in("app.consent_holds", `c.withdrawn_on IS NOT NULL OR `), `$1`},
	{"consent: before it was given", "AConsentThatDoesNotHold", in("app.consent_holds", `NEW.happened_on < c.given_on OR `), `$1`},
	{"consent: run out", "AConsentThatDoesNotHold", in("app.consent_holds", `OR NEW.happened_on > c.expires_on`), `$1`},
	{"consent: run out while it waited", "ConsentsOfTheTown", in("app.consent_holds", `OR TG_OP = 'UPDATE' AND today > c.expires_on`), `$1`},
	{"consent: withdrawn while it waited", "WithdrawingSaysWhat", q(`CREATE TRIGGER consent_holds BEFORE INSERT OR UPDATE`), `CREATE TRIGGER consent_holds BEFORE INSERT`},
	{"consent: a correction towards somebody else", "ConsentsOfTheTown", in("app.consent_holds", ` AND x.organisation_id = NEW.organisation_id`), `$1`},
	{"consent: a correction of what rested on another", "ConsentsOfTheTown", in("app.consent_holds", ` AND x.consent_id IS NOT DISTINCT FROM NEW.consent_id`), `$1`},
	{"consent: withdrawn twice", "WithdrawingSaysWhat", in("app.withdraw_consent", ` AND x.withdrawn_on IS NULL RETURNING`), `${1} RETURNING`},
	{"consent: nobody says what rests on it", "WithdrawingSaysWhat", in("app.withdraw_consent", `PERFORM app._raise_prompt(p_case, 'consent_withdrawn', p_id::text, auth.uid(), NULL, '');`), `${1}NULL;`},
	{"consent: withdrawn without a line", "WithdrawingSaysWhat", in("app.withdraw_consent", `PERFORM app._event(p_case, auth.uid(), 'consent.withdrawn', p_id, jsonb_build_object('organisation', o));`), `$1`},
	{"consent: withdrawn without words", "ConsentsOfTheTown", q(`(withdrawn_on IS NULL OR btrim(withdrawn_words) <> '' AND`), `(withdrawn_on IS NULL OR`},
	{"consent: who is asked for advice withdraws", "ConsentsOfTheTown", demand("app.withdraw_consent", "8"), `${1}2)`},
	{"consent: who is asked for advice records one", "PermissionMatrix|ConsentsOfTheTown", policy("ins ON app.consent", `opened(8)`), `${1}opened(2)`},
	{"consent: in a colleague's name", "ConsentsOfTheTown", policy("ins ON app.consent", ` AND written_by = (SELECT auth.uid())`), `$1`},
	{"consent: ends before it begins", "ConsentsOfTheTown", q(`CHECK (given_on <= expires_on AND`), `CHECK (`},
	{"consent: given tomorrow", "ConsentsOfTheTown", q(` AND given_on <= (written_at AT TIME ZONE 'Europe/Copenhagen')::date)`), `)`},
	{"compass: off it without a word", "ConsentsOfTheTown", q(`CHECK (compass_fits IS NOT FALSE OR btrim(off_compass) <> '')`), `CHECK (true)`},
	{"compass: nobody knows by which data", "ConsentsOfTheTown", q(`CHECK (compass_fits IS NULL OR compass <> '')`), `CHECK (true)`},
}
