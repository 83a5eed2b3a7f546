-- What the sharing compass said (R9): for which purpose, by which version of its data, and whether it knew the basis for that
-- recipient. What it did not know says why it is shared all the same. NULL: it was not asked (what came in, what was refused, and
-- what was shared before there was a compass).
ALTER TABLE app.sharing
  ADD purpose_code text NOT NULL DEFAULT '',                 -- code of "sharing_purposes"; empty: none was named
  ADD age_group text NOT NULL DEFAULT '',                    -- how old the citizen was then; with '?' behind it where that is a guess
  ADD compass text NOT NULL DEFAULT '',                      -- version of the data that decided
  ADD compass_fits boolean,
  ADD off_compass text NOT NULL DEFAULT '',                  -- why on a basis that the compass does not know here
  ADD CONSTRAINT off_the_compass_says_why CHECK (compass_fits IS NOT FALSE OR btrim(off_compass) <> ''),
  ADD CONSTRAINT decided_by_a_version CHECK (compass_fits IS NULL OR compass <> '');
GRANT SELECT (purpose_code, age_group, compass, compass_fits, off_compass), INSERT (purpose_code, age_group, compass, compass_fits, off_compass) ON app.sharing TO samspil_app;
SELECT meta.settle();
