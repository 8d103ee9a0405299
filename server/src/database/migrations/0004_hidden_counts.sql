-- Whether the profile hides the likes of its posts (Instagram). Only some answers of a source say so; null: none has said.
-- A placeholder stands in the place of hidden likes, so what was said once holds until an answer says otherwise.
alter table profiles add column hides_counts boolean;
