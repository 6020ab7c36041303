"""A firm to try Redress on: Northgate Travel, its staff, its customers and five months of their complaints.

Everything is told through the verbs, each at its own past moment, in the order in which it happened; the timetable's
sweeps and the post run in between. Whoever is cut off by the present stays where they are: so every state is there,
and none was written. All words are our own; names and addresses are Faker's, on domains nobody can have.
"""
