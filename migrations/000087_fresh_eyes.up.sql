-- Fresh eyes (R3; barnets lov § 137, stk. 1): a new report on a child with running measures is reassessed with at least
-- one who has taken no part in the case. The database demands it, knows who is out of question, and lets nobody else in.
GRANT INSERT ON app.case_event TO samspil_guard;
SELECT meta.guard('app.plan', 'SELECT (case_id)');
SELECT meta.guard('app.note', 'SELECT (case_id, author)'); -- who has written, never what

-- taken part: an event, a note, a step, a partner drawn in, or access to the case, also one that has ended
CREATE FUNCTION app._took_part(p_user uuid, p_case uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN EXISTS (SELECT 1 FROM app.case_grant g WHERE g.case_id = p_case AND g.user_id = p_user)
    OR EXISTS (SELECT 1 FROM app.case_event e WHERE e.case_id = p_case AND e.actor = p_user)
    OR EXISTS (SELECT 1 FROM app.note n WHERE n.case_id = p_case AND n.author = p_user)
    OR EXISTS (SELECT 1 FROM app.plan_step s WHERE s.case_id = p_case AND p_user IN (s.responsible_user, s.created_by, s.done_by))
    OR EXISTS (SELECT 1 FROM app.involvement i WHERE i.case_id = p_case AND i.added_by = p_user); END $$;
-- the same without a case: who has registered, assessed or concluded the report, or works with it
CREATE FUNCTION app._took_report(p_user uuid, p_report uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN EXISTS (SELECT 1 FROM app.report x WHERE x.id = p_report AND p_user IN (x.registered_by, x.assigned_to, x.assessed_by, x.concluded_by))
    OR EXISTS (SELECT 1 FROM app.report_event e WHERE e.report_id = p_report AND e.actor = p_user); END $$;
-- of the same area, in office, kept from neither, and new to it. Where the desk looks for somebody without knowing of a case, who has
-- taken part in one that the child has is left out all the same (R3), but for sealed ones: a name that is missing must not
-- tell who works with those, and their own people choose a reviewer of their own.
CREATE FUNCTION app._fresh_eyes(p_report uuid, p_case uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN QUERY SELECT DISTINCT u.id FROM app.report x JOIN app.team t ON t.area = x.area AND t.municipality = x.municipality
    JOIN app.team_member tm ON tm.team_id = t.id AND (tm.valid_to IS NULL OR tm.valid_to > now())
    JOIN auth.user_account u ON u.id = tm.user_id AND u.active AND u.municipality = x.municipality AND u.role IN ('caseworker','team_lead')
   WHERE x.id = p_report AND NOT auth._report_excluded(u.id, x.id) AND (p_case IS NULL OR NOT auth._excluded(u.id, p_case))
     AND NOT app._took_report(u.id, x.id) AND (p_case IS NULL OR NOT app._took_part(u.id, p_case))
     AND (p_case IS NOT NULL OR NOT EXISTS (SELECT 1 FROM app.report_case rc JOIN app.case_file f ON f.id = rc.case_id AND f.confidentiality < 2 WHERE rc.report_id = x.id AND app._took_part(u.id, rc.case_id))); END $$;

-- whoever writes the row: an involved person is never its reviewer
CREATE FUNCTION app.fresh_reviewer() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.reviewer IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.reviewer IS DISTINCT FROM OLD.reviewer OR NEW.of_case IS DISTINCT FROM OLD.of_case)
     AND NOT EXISTS (SELECT 1 FROM app._fresh_eyes(NEW.report_id, NEW.of_case) f WHERE f = NEW.reviewer) THEN
    RAISE check_violation USING MESSAGE = 'the reviewer has taken part', CONSTRAINT = 'reviewer_has_taken_no_part';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fresh_reviewer BEFORE INSERT OR UPDATE ON app.reassessment FOR EACH ROW EXECUTE FUNCTION app.fresh_reviewer();
CREATE TRIGGER own_hand BEFORE UPDATE OF chosen_by ON app.reassessment FOR EACH ROW EXECUTE FUNCTION app.own_hand('chosen_by');

-- What demands it: the report belongs to a child's open case whose plan runs, or whoever took the call was told of
-- measures. A case that the report has begun gets its measures afterwards.
CREATE FUNCTION app.demand_reassessment() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE f record;
BEGIN
  IF TG_TABLE_NAME = 'report_case' THEN
    SELECT c.id, c.responsible_id INTO f FROM app.case_file c JOIN app.report x ON x.id = NEW.report_id AND x.area = 'child' AND x.concluded_at IS NULL
      WHERE c.id = NEW.case_id AND NEW.how <> 'made' AND c.area = 'child' AND c.status = 'open' AND EXISTS (SELECT 1 FROM app.plan p WHERE p.case_id = c.id);
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF NEW.how = 'joined' THEN -- what waited for the case to be found, has found it
      UPDATE app.reassessment z SET of_case = f.id WHERE z.report_id = NEW.report_id AND z.of_case IS NULL AND z.reviewer IS NULL
        AND NOT EXISTS (SELECT 1 FROM app.reassessment o WHERE o.report_id = NEW.report_id AND o.of_case = f.id);
    END IF;
    INSERT INTO app.reassessment (report_id, of_case) VALUES (NEW.report_id, f.id) ON CONFLICT DO NOTHING;
    IF FOUND AND NOT auth._report_excluded(f.responsible_id, NEW.report_id) THEN PERFORM app._notify(f.responsible_id, f.id, 'reassessment.demanded'); END IF;
  ELSIF NEW.measures = 'yes' AND EXISTS (SELECT 1 FROM app.report x WHERE x.id = NEW.report_id AND x.area = 'child' AND x.concluded_at IS NULL) THEN
    INSERT INTO app.reassessment (report_id, of_case) VALUES (NEW.report_id, NULL) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER demand_reassessment AFTER INSERT OR UPDATE ON app.report_case FOR EACH ROW EXECUTE FUNCTION app.demand_reassessment();
CREATE TRIGGER demand_reassessment AFTER INSERT OR UPDATE OF measures ON app.report_content FOR EACH ROW EXECUTE FUNCTION app.demand_reassessment();

-- _reassesses(): the asker has it opened with a right: in the case, or in the report where there is none
CREATE FUNCTION app._reassesses(p_report uuid, p_case uuid, p_right int) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN coalesce(p_case, p_report) = ANY (auth.opened(p_right)); END $$;
-- whom one may ask, for those who may choose
CREATE FUNCTION app.fresh_eyes(p_id uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE z record;
BEGIN
  SELECT x.report_id, x.of_case INTO z FROM app.reassessment x WHERE x.id = p_id AND x.done_at IS NULL;
  IF NOT FOUND OR NOT (app._reassesses(z.report_id, z.of_case, 8) OR app._reassesses(z.report_id, z.of_case, 32)) THEN RETURN; END IF;
  RETURN QUERY SELECT f FROM app._fresh_eyes(z.report_id, z.of_case) f;
END $$;
-- choose_reviewer() asks a colleague, who then reads the case for a fortnight, and the report. NULL: somebody else was chosen meanwhile.
CREATE FUNCTION app.choose_reviewer(p_id uuid, p_user uuid, p_was uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE z record;
BEGIN
  SELECT x.report_id, x.of_case, x.reviewer, x.done_at INTO z FROM app.reassessment x WHERE x.id = p_id FOR UPDATE;
  IF NOT FOUND OR NOT (app._reassesses(z.report_id, z.of_case, 8) OR app._reassesses(z.report_id, z.of_case, 32)) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF z.reviewer = p_user THEN RETURN true; END IF;
  IF z.done_at IS NOT NULL OR z.reviewer IS DISTINCT FROM p_was THEN RETURN NULL; END IF;
  IF NOT EXISTS (SELECT 1 FROM app._fresh_eyes(z.report_id, z.of_case) f WHERE f = p_user) THEN RETURN false; END IF;
  UPDATE app.reassessment SET reviewer = p_user, chosen_by = auth.uid(), chosen_at = now() WHERE id = p_id;
  IF z.of_case IS NOT NULL THEN
    INSERT INTO app.case_grant (case_id, user_id, kind, valid_to, granted_by, reason) VALUES (z.of_case, p_user, 'consulted', now() + interval '14 days', auth.uid(), 'reassessment');
  END IF;
  PERFORM audit._append('case:' || coalesce(z.of_case, z.report_id), 'reassessment.chosen', coalesce(z.of_case, z.report_id), p_user::text, jsonb_build_object('report', z.report_id));
  PERFORM app._notify_report(p_user, z.report_id, 'reassessment.chosen');
  RETURN true;
END $$;
-- record_reassessment() is the chosen one's own word, once.
CREATE FUNCTION app.record_reassessment(p_id uuid, p_outcome text, p_reason text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE z record; r uuid;
BEGIN
  SELECT x.report_id, x.of_case, x.reviewer, x.chosen_by, x.done_at INTO z FROM app.reassessment x WHERE x.id = p_id FOR UPDATE;
  IF NOT FOUND OR z.reviewer IS DISTINCT FROM auth.uid() OR NOT z.report_id = ANY (auth.opened(2)) THEN RAISE insufficient_privilege USING MESSAGE = 'denied'; END IF;
  IF z.done_at IS NOT NULL THEN RETURN false; END IF;
  UPDATE app.reassessment SET outcome = p_outcome, reason = p_reason, done_at = now() WHERE id = p_id;
  IF z.of_case IS NOT NULL THEN
    INSERT INTO app.case_event (case_id, actor, kind, object_id, data) VALUES (z.of_case, auth.uid(), 'report.reassessed', z.report_id, jsonb_build_object('outcome', p_outcome));
    SELECT f.responsible_id INTO r FROM app.case_file f WHERE f.id = z.of_case;
    PERFORM app._notify(r, z.of_case, 'reassessment.done');
  END IF;
  IF z.chosen_by IS DISTINCT FROM r THEN PERFORM app._notify_report(z.chosen_by, z.report_id, 'reassessment.done'); END IF;
  PERFORM audit._append('case:' || coalesce(z.of_case, z.report_id), 'reassessment.done', coalesce(z.of_case, z.report_id), p_outcome, NULL);
  RETURN true;
END $$;
-- open_reassessments(): those that wait for the reader, or in a case or report that the reader may read. They are few.
CREATE FUNCTION app.open_reassessments() RETURNS TABLE (id uuid, report_ref text, report_number text, case_ref text, case_number text, reviewer uuid, mine boolean, demanded_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 5 SET search_path = pg_catalog, pg_temp AS $$
DECLARE u uuid := auth.uid();
BEGIN
  RETURN QUERY SELECT z.id, x.ref, x.number, coalesce(f.ref, ''), coalesce(f.number, ''), z.reviewer, coalesce(z.reviewer = u, false), z.demanded_at
    FROM app.reassessment z JOIN app.report x ON x.id = z.report_id LEFT JOIN app.case_file f ON f.id = z.of_case
   WHERE z.done_at IS NULL AND auth.perms(z.report_id) & 2 = 2
     AND CASE WHEN z.of_case IS NOT NULL THEN auth.perms(z.of_case) & 2 = 2 ELSE z.reviewer = u OR auth.perms(z.report_id) & 8 = 8 END -- the people of the case have a row of their own
     AND NOT (z.of_case IS NULL AND z.reviewer IS NULL AND EXISTS (SELECT 1 FROM app.report_case rc WHERE rc.report_id = z.report_id AND rc.how = 'joined')) -- the case has it
   ORDER BY z.reviewer = u DESC NULLS LAST, z.demanded_at, z.id;
END $$;
GRANT EXECUTE ON FUNCTION app.fresh_eyes(uuid), app.choose_reviewer(uuid,uuid,uuid), app.record_reassessment(uuid,text,text), app.open_reassessments() TO samspil_app;
SELECT meta.settle();
