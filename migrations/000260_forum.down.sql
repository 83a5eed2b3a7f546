DROP TRIGGER forum_step_done ON app.plan_step;
DROP POLICY ins ON app.forum_item; DROP POLICY sel ON app.forum_seat; DROP POLICY ins ON app.forum_seat;
DROP TABLE app.forum_action_step, app.forum_report, app.forum_action, app.forum_answer, app.forum_given, app.forum_approval, app.forum_slice, app.forum_item_case, app.forum_item, app.forum_seat, app.forum_meeting, app.forum;
DROP FUNCTION app.tell_leads(uuid), app.seat_candidates(uuid), app.forum_cases(uuid), app.forum_outline(uuid), app.look_at_items(uuid), app.withdraw_item(uuid), app.end_meeting(uuid, text, timestamptz),
  app.attend(uuid, text), app.promise(uuid), app.forum_step_done(), app.forum_reported(), app.forum_answered(), app.forum_slice_opens(), app.forum_slice_given(), app.forum_item_approved(), app.forum_item_put(),
  app._refuse_forum(text), auth.opened_meetings(), auth.opened_items(int), auth.kept_items(), auth.seat_items(), auth.my_meetings(), auth.my_seats(), auth.led_meetings(), auth.works_here();
DELETE FROM app.sharing_hit h USING app.sharing s WHERE s.id = h.sharing_id AND s.to_user IS NOT NULL;
DELETE FROM app.sharing WHERE to_user IS NOT NULL;
ALTER TABLE app.sharing DROP CONSTRAINT one_recipient, DROP to_user, ALTER organisation_id SET NOT NULL;
SELECT meta.settle();
