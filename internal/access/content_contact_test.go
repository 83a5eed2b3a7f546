package access

// contactRows are the contacts that were made outside the rules.
var contactRows = []filled{
	{"app.contact_override", `INSERT INTO app.contact_override (case_id, person_id, fact_id, channel, why, reason, by_user, request_key) SELECT :case, f.person_id, f.id, 'none', 'unsettled', 'Det handler om :word', :who, gen_random_uuid() FROM app.protected_fact f WHERE f.id = :fact`},
}
