package main

// compassMutations are the rules about the ways on which the rooms of a case hand text out, each broken once.
var compassMutations = []mutation{
	{"compass: whatever the purpose", "DatabaseOffersWhat|ByARoom", in("app._compass_offers", ` AND (r.data->'purposes' ? '*' OR r.data->'purposes' ? p_purpose)`), `$1`},
	{"compass: whatever the age", "DatabaseOffersWhat|ByARoom", in("app._compass_offers", ` AND r.data->'ages' @> ages`), `$1`},
	{"compass: whoever it is to", "DatabaseOffersWhat|ByARoom", in("app._compass_offers", `AND CASE WHEN p_partner = 'colleague' THEN`), `${1}AND CASE WHEN true THEN true WHEN p_partner = 'colleague' THEN`},
	{"compass: a partner type that there is not", "DatabaseOffersWhat", in("app._compass_offers", `t.code = p_partner AND`), `${1}(t.code = p_partner OR p_partner = 'cousin') AND`},
	{"compass: without consent", "DatabaseOffersWhat|ByARoom", in("app._compass_offers", `p_consented AND p_partner <> 'colleague'`), `${1}p_partner <> 'colleague'`},
	{"compass: by consent to a colleague", "DatabaseOffersWhat", in("app._compass_offers", `p_consented AND p_partner <> 'colleague'`), `${1}p_consented`},
	{"compass: nobody knows the age, and it is that of a grown-up", "DatabaseOffersWhat", in("app._compass_offers", `'["under15","15_17"]'`), `${1}'["adult"]'`},
	{"compass: grown up at seventeen", "DatabaseOffersWhat", in("app._compass_offers", `years < 18`), `${1}years < 17`},
	{"compass: a line that the compass was not asked about", "ByARoom", in("app._on_compass", ` AND x.compass_fits`), `$1`},
	{"compass: names go out on nothing", "ByARoom", in("app._on_compass", ` AND NOT (p_named AND x.legal_basis = 'ANONYMOUS')`), `$1`},
	{"compass: a consent that was declined", "ByARoom", in("app._on_compass", `x.consent = 'yes' AND`), `$1`},
	{"compass: made out to another place than the person's", "ByARoom", in("app._on_compass", ` AND c.organisation_id = o.id`), `$1`},
	{"compass: a link on no way", "ByARoom", in("app.guest_send", `IF NOT app._on_compass(p_case, p_sharing, false)`), `${1}IF false`},
	{"compass: an item on no way", "ByARoom", in("app.forum_slice_given", `NOT app._on_compass(NEW.case_id, NEW.sharing_id, i.naming = 'named')`), `${1}false`},
	{"compass: a named item on the way without names", "ByARoom", in("app.forum_slice_given", `i.naming = 'named') THEN PERFORM app._refuse_off`), `${1}false) THEN PERFORM app._refuse_off`},
	{"compass: a released fact on no way", "ByARoom", in("app.forum_released_put", `IF NOT app._on_compass(NEW.case_id, NEW.sharing_id, true)`), `${1}IF false`},
	{"compass: a question with names on no way", "ByARoom", in("app.name_sparring", `NOT app._on_compass(p_case, h.id, true)`), `${1}false`},
	{"compass: a colleague is asked by name later, past the register", "DatabaseKeepsBack", in("app._ask_sparring", ` OR named AND NOT app._opens_case(r.id, p_case)`), `$1`},
	{"consent: withdrawn while an item waits, and nobody asks", "WithdrawnWhileItsItemWaits", in("app.withdraw_consent", `OR EXISTS (SELECT 1 FROM app.forum_item_consent`), `${1}OR false AND EXISTS (SELECT 1 FROM app.forum_item_consent`},
	{"consent: withdrawn after its item was taken off, and the case asks", "WithdrawnWhileItsItemWaits", in("app.withdraw_consent", ` AND i.withdrawn_at IS NULL`), `$1`},
	{"consent: withdrawn after its item was sent back, and the case asks", "WithdrawnWhileItsItemWaits", in("app.withdraw_consent", `a.outcome = 'returned'`), `${1}false`},
	{"consent: whoever reads the case ties an item to one", "ByARoom", policy("ins ON app.forum_item_consent", `opened(12)`), `${1}opened(2)`},
	// a link and the consent that it rests on (000344)
	{"guest: a link goes on after its consent was withdrawn", "LinkEndsWithItsConsent", in("app._consent_over", `n.withdrawn_on IS NOT NULL OR`), `$1`},
	{"guest: a link goes on after its consent ran out", "LinkEndsWithItsConsent", in("app._consent_over", ` OR n.expires_on < app._day(now())`), `$1`},
	{"guest: a link is sent anew without its consent", "LinkEndsWithItsConsent", in("app.guest_send", ` AND NOT app._consent_over(p_case, p_sharing)`), `$1`},
	{"guest: a link opens without its consent", "LinkEndsWithItsConsent", in("app._guest_about", ` AND app._consent_over(q.case_id, q.sharing_id)`), `${1} AND false`},
}
