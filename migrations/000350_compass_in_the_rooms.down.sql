-- The functions as they were in 000210, 000221, 000260, 000322, 000342 and 000344.
CREATE OR REPLACE FUNCTION app.guest_send(p_case uuid, p_part uuid, p_sharing uuid, p_steps uuid[], p_days int) RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE i record; l uuid;
BEGIN
  PERFORM app._demand(p_case, 8);
  SELECT x.contact_id, x.organisation_id INTO i FROM app.involvement x WHERE x.case_id = p_case AND x.id = p_part AND x.status IN ('requested','accepted') AND x.contact_id IS NOT NULL;
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  PERFORM 1 FROM app.sharing s WHERE s.case_id = p_case AND s.id = p_sharing AND s.direction = 'out' AND s.status = 'shared' AND s.contact_id = i.contact_id
     AND NOT EXISTS (SELECT 1 FROM app.sharing_hit h WHERE h.case_id = p_case AND h.sharing_id = p_sharing AND h.later) AND NOT app._consent_over(p_case, p_sharing);
  IF NOT FOUND THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF EXISTS (SELECT 1 FROM unnest(p_steps) x WHERE NOT EXISTS (SELECT 1 FROM app.plan_step s WHERE s.case_id = p_case AND s.id = x AND s.responsible_contact = i.contact_id)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  l := app._guest_link(p_case, i.contact_id, 'involvement', p_part, p_days);
  INSERT INTO app.guest_request VALUES (p_case, l, p_sharing);
  INSERT INTO app.guest_step SELECT p_case, l, x, n FROM unnest(p_steps) WITH ORDINALITY u(x, n);
  PERFORM app._event(p_case, auth.uid(), 'guest.sent', l, (SELECT jsonb_build_object('organisation', o.name, 'contact', CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END)
    FROM app.contact_person c JOIN app.organisation o ON o.id = c.organisation_id WHERE c.id = i.contact_id));
  RETURN l;
END $$;
CREATE OR REPLACE FUNCTION app.forum_slice_given() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE i record; s record; h record;
BEGIN
  IF NOT NEW.case_id = ANY (auth.opened(12)) THEN RETURN NEW; END IF;
  SELECT x.naming, x.withdrawn_at INTO i FROM app.forum_item x WHERE x.id = NEW.item_id;
  SELECT x.user_id, x.contact_id INTO s FROM app.forum_seat x WHERE x.id = NEW.seat_id;
  IF i.withdrawn_at IS NOT NULL OR i.naming = 'named' AND NOT EXISTS (SELECT 1 FROM app.forum_approval a WHERE a.case_id = NEW.case_id AND a.item_id = NEW.item_id AND a.outcome = 'approved') THEN
    PERFORM app._refuse_forum('a_named_item_is_approved');
  END IF;
  IF s.user_id IS NOT NULL AND auth._excluded(s.user_id, NEW.case_id) THEN PERFORM app._refuse_forum('seat_may_know'); END IF;
  SELECT x.contact_id, x.to_user INTO h FROM app.sharing x WHERE x.case_id = NEW.case_id AND x.id = NEW.sharing_id AND x.direction = 'out' AND x.status = 'shared';
  IF NOT coalesce(h.contact_id = s.contact_id OR h.to_user = s.user_id, false) AND (s.user_id IS NULL OR NOT app._opens_case(s.user_id, NEW.case_id)) THEN
    PERFORM app._refuse_forum('stands_in_the_register');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION app.forum_released_put() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE i record; s record; h record;
BEGIN
  IF NOT NEW.case_id = ANY (auth.opened(12)) THEN RETURN NEW; END IF;
  SELECT x.naming, x.withdrawn_at, l.given_at INTO i FROM app.forum_item x JOIN app.forum_slice l ON l.item_id = x.id WHERE x.id = NEW.item_id AND l.seat_id = NEW.seat_id;
  IF i.given_at IS NULL OR i.withdrawn_at IS NOT NULL OR i.naming <> 'named' THEN PERFORM app._refuse_forum('a_named_item_is_approved'); END IF;
  SELECT x.user_id, x.contact_id INTO s FROM app.forum_seat x WHERE x.id = NEW.seat_id;
  SELECT x.contact_id, x.to_user INTO h FROM app.sharing x WHERE x.case_id = NEW.case_id AND x.id = NEW.sharing_id AND x.direction = 'out';
  IF NOT coalesce(h.contact_id = s.contact_id OR h.to_user = s.user_id, false) THEN PERFORM app._refuse_forum('stands_in_the_register'); END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION app.name_sparring(p_case uuid, p_id uuid, p_body text, p_basis text, p_purpose text, p_consent text, p_scanned int) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record;
BEGIN
  PERFORM app._open_sparring(p_case, p_id);
  PERFORM app._looked_through(p_case, p_body || ' ' || p_purpose, p_scanned, false);
  IF EXISTS (SELECT 1 FROM app.case_file f JOIN app.sparring_ask a ON a.sparring_id = p_id WHERE f.id = p_case AND f.confidentiality = 2 AND a.user_id IS NOT NULL AND NOT app._opens_case(a.user_id, p_case)) THEN
    PERFORM app._refuse_sparring('sealed_stays_anonymous');
  END IF;
  IF EXISTS (SELECT 1 FROM app.sparring_ask a WHERE a.sparring_id = p_id AND a.contact_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM app.sharing h
       WHERE h.case_id = p_case AND h.contact_id = a.contact_id AND h.direction = 'out' AND h.status = 'shared' AND h.written_at = now())) OR EXISTS (SELECT 1 FROM app.sparring_ask a WHERE a.sparring_id = p_id AND a.user_id IS NOT NULL AND NOT app._opens_case(a.user_id, p_case) AND NOT EXISTS (SELECT 1 FROM app.sharing h
       WHERE h.case_id = p_case AND h.to_user = a.user_id AND h.direction = 'out' AND h.status = 'shared' AND h.written_at = now())) THEN
    PERFORM app._refuse_sparring('named_is_registered');
  END IF;
  INSERT INTO app.sparring_named (sparring_id, body, legal_basis, purpose, consent, named_by) VALUES (p_id, btrim(p_body), p_basis, btrim(p_purpose), p_consent, auth.uid()) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  FOR r IN SELECT a.user_id AS id FROM app.sparring_ask a WHERE a.sparring_id = p_id AND a.user_id IS NOT NULL AND NOT auth._excluded(a.user_id, p_case) LOOP
    PERFORM app._notify(r.id, NULL, 'sparring.named');
  END LOOP;
  RETURN true;
END $$;
CREATE OR REPLACE FUNCTION app._ask_sparring(p_case uuid, p_id uuid, p_users uuid[], p_contacts uuid[]) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record; n int := 0; sealed boolean := (SELECT f.confidentiality = 2 FROM app.case_file f WHERE f.id = p_case); named boolean := EXISTS (SELECT 1 FROM app.sparring_named x WHERE x.sparring_id = p_id);
BEGIN
  FOR r IN SELECT DISTINCT u AS id FROM unnest(p_users) u LOOP
    -- nobody who is kept out of the case, and nobody who asks; with names, of a sealed case, only who may open it
    IF NOT app._may_receive(r.id, p_case) OR EXISTS (SELECT 1 FROM app.sparring s WHERE s.id = p_id AND s.put_by = r.id) OR named AND sealed AND NOT app._opens_case(r.id, p_case) THEN
      PERFORM app._refuse_sparring('may_be_asked');
    END IF;
    INSERT INTO app.sparring_ask (sparring_id, user_id, asked_by) VALUES (p_id, r.id, auth.uid()) ON CONFLICT DO NOTHING;
    IF FOUND THEN n := n + 1; PERFORM app._notify(r.id, NULL, 'sparring.asked'); END IF;
  END LOOP;
  FOR r IN SELECT DISTINCT c AS id FROM unnest(p_contacts) c LOOP
    IF named OR NOT EXISTS (SELECT 1 FROM app.contact_person x JOIN app.organisation o ON o.id = x.organisation_id WHERE x.id = r.id AND x.active AND o.active) THEN PERFORM app._refuse_sparring('may_be_asked'); END IF;
    INSERT INTO app.sparring_ask (sparring_id, contact_id, asked_by) VALUES (p_id, r.id, auth.uid()) ON CONFLICT DO NOTHING;
    IF FOUND THEN n := n + 1; END IF;
  END LOOP;
  RETURN n;
END $$;
CREATE OR REPLACE FUNCTION app.withdraw_consent(p_case uuid, p_id uuid, p_on date, p_words text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE c record; o text;
BEGIN
  PERFORM app._demand(p_case, 8);
  UPDATE app.consent x SET withdrawn_on = p_on, withdrawn_words = btrim(p_words), withdrawn_by = auth.uid(), withdrawn_at = now()
   WHERE x.case_id = p_case AND x.id = p_id AND x.withdrawn_on IS NULL RETURNING x.organisation_id INTO c;
  IF NOT FOUND THEN RETURN false; END IF;
  SELECT y.name INTO o FROM app.organisation y WHERE y.id = c.organisation_id;
  PERFORM app._event(p_case, auth.uid(), 'consent.withdrawn', p_id, jsonb_build_object('organisation', o));
  IF EXISTS (SELECT 1 FROM app.sharing s WHERE s.case_id = p_case AND s.consent_id = p_id AND s.direction = 'out' AND s.status <> 'kept_back') THEN
    PERFORM app._raise_prompt(p_case, 'consent_withdrawn', p_id::text, auth.uid(), NULL, '');
  END IF;
  RETURN true;
END $$;
DROP FUNCTION app._refuse_off_compass();
DROP FUNCTION app._on_compass(uuid, uuid, boolean);
DROP FUNCTION app._compass_offers(uuid, text, text, text, boolean);
DROP TABLE app.forum_item_consent;
ALTER TABLE app.forum_item DROP purpose_code;
SELECT meta.settle();
