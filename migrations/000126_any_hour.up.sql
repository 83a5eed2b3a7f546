-- Of the contacts in a safety plan at least one can be reached at any hour, and that is said of them by a tick: what stands
-- in hours is words ("ikke altid"). Nothing is guessed of the plans that are there; they ask.
ALTER TABLE app.safety_contact ADD any_hour boolean NOT NULL DEFAULT false;
GRANT INSERT (any_hour) ON app.safety_contact TO samspil_app;
SELECT meta.settle();
