-- What the antivirus said of a piece, once it was asked; and the virus it found in one that it could not look at when it came.
alter table piece add column analysee_le timestamptz;
alter table piece add column virus text;
alter table piece add check (virus is null or analysee_le is not null);
create index piece_a_analyser on piece (depose_le) where analysee_le is null;
