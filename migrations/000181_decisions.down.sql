DROP POLICY own_part ON app.case_event;
CREATE POLICY own_part ON app.case_event AS RESTRICTIVE FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(8))::uuid[])
  OR case_id = ANY ((SELECT auth.opened(32))::uuid[]) OR kind IN ('note.written','note.corrected','risk.confirmed') AND case_id = ANY ((SELECT auth.opened(16))::uuid[]));
DROP FUNCTION app.job_look_backs(date);
DROP TABLE app.decision_review, app.decision_addition, app.decision_made, app.decision_answer, app.decision_ask, app.decision;
DROP FUNCTION app.decision_tells(), app._tell_of_decision(uuid, uuid, text), app.decision_looked_back(), app.decision_ends(), app.decision_answered(), app.decision_asked(), app._refuse_decision(text), app._decision_over(uuid, uuid);
SELECT meta.settle();
