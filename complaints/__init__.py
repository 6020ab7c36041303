"""The complaint, from the day it arrives until it is closed and filed.

A bare namespace: it has no models of its own. Imports go down this list only.

desk        where staff work: work lists, the complaint page, moves as buttons
intake      how a complaint arrives: web form, phone, CSV
followups   every scheduled word to the customer: acknowledgement, reminder, follow-up, survey
resolution  the file: complaint, lifecycle, findings, offers, authority, deadlines, ledger
policies    the rules a firm works by: calendars, clocks, letter rules; knows nobody
mailroom    the post: outbox and delivery; knows nobody
"""
