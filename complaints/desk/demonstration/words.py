"""What people say on the way. Every list is drawn from with the story's own dice."""

GREETINGS = ("Dear Sir or Madam,", "Hello,", "To whom it may concern,", "Good morning,", "", "", "")
SIGN_OFFS = (
    "",
    "",
    "Yours faithfully",
    "Regards",
    "Please ring me.",
    "I expect an answer.",
    "Not angry, just tired.",
)
SINCE = (
    "I have been your customer for years and this is my first complaint.",
    "I have told this to three people already.",
    "I do not want a voucher, I want an answer.",
    "Please do not send me a list of conditions.",
    "My daughter is writing this for me, but the words are mine.",
    "We come home to a letter that asks us to “rate our experience”.",
    "I would rather not go to the papers with it.",
    "", "", "", "", "",
)  # fmt: skip
ASIDES = (
    "Called for the booking file; asked the supplier for their side.",
    "Customer rang to ask how it stands. Calm, thankful for the call back.",
    "Second look at the records: the times do not fit, asked operations.",
    "Left a message on the mailbox, will try again tomorrow morning.",
    "Spoke to contracting. They know of two more of the kind this month.",
    "Checked the customer's earlier bookings: no complaint before this one.",
    "Photographs looked through and kept with the file.",
    "Asked finance for the ledger lines; they promise them by tomorrow.",
)
NEWS = (
    "We have asked the people on the spot for their side and expect to hear from them this week.",
    "We have your papers and have asked our accounts team for theirs. You need not do anything meanwhile.",
    "A colleague is comparing what you told us with our records. It takes a little longer than we had hoped.",
    "We know now what happened, and are agreeing inside the house how to put it right.",
)
SPOKEN_THANKS = (
    "Thanked and read back; told that we write by the update date and answer by the final one.",
    "Read the problem back, the customer agreed. Told both dates and my name.",
    "Thanked for ringing. Said who I am, what happens next, and both dates.",
)
SPOKEN_YES = (
    "“Yes, that is fair, thank you”, on the telephone, {day}, after I read out both lines.",
    "Said “I accept that” on the telephone and repeated the sum.",
    "“Good. Do it please.” By telephone, {day}.",
)
DECLINES = (
    "It does not cover what we paid.",
    "You pay for the taxi and not for the night we lost. Please think again.",
    "It is not about the money. Nobody has said who is responsible.",
    "I asked for all of it. This is less than half.",
    "The sum is an insult after four months of letters.",
)
WITHDRAWALS = (
    "My bank has sorted it out. You can close this.",
    "We found the mistake ourselves, it was our travel agent in town. Apologies for the trouble.",
    "I have no strength for this any more. Please leave it.",
    "The hotel has paid us directly. Thank you for asking them.",
)
WAIVERS = (
    "The records are complete: both payments and the time-out are in the log.",
    "The recording leaves no doubt; asking again would only hurt.",
    "The supplier admits it in writing.",
)
FURTHER = (
    "Is there any news? I was told Friday.",
    "I forgot to say that my wife was there too and saw it.",
    "Please use my mobile in the evening, I work during the day.",
    "Thank you for the quick answer, that helps already.",
    "I have found the receipt after all and will send it.",
)
STILL_WRONG = (
    "The money has come, but £40 short, and nobody can say why.",
    "You promised a call from the manager. Nobody has called.",
    "It has happened again, on the very next booking.",
)
RIGHT_NOW = (
    "Yes, thank you. The money is there.",
    "All right now.",
    "Yes. Thank you for sticking with it.",
    "",
)
SURVEYS: dict[int, tuple[str, ...]] = {
    1: (
        "Weeks of letters for something that one person could have decided in an hour.",
        "I felt like a number.",
    ),
    2: ("It came right in the end, but only because I never let go.", "Too slow, and two different stories."),
    3: ("Fair. It took long.", "The result is fine, the way to it was not.", ""),
    4: (
        "Friendly, and she called when she said she would.",
        "Good. A date for the money would have helped.",
        "",
    ),
    5: (
        "I was listened to. I shall book again.",
        "Quick, honest and kind.",
        "Somebody thought about it. Thank you.",
        "",
    ),
}
ADVICE = (
    "Ring the customer today, say what we know and what we do not, and write it down.",
    "Do what was promised first, ask for the papers afterwards.",
    "I have read the file. Go on as you planned, and tell me on Friday how it stands.",
    "Offer a talk with me; I keep tomorrow afternoon free.",
    "Take the other look: have somebody read it who was not part of it.",
)
GOOD_REASON = ("In line with what we paid in like cases.", "Agreed, the fault is ours.", "")
NOT_LIKE_THIS = (
    "Too much for what happened: look at the three like cases of the spring and make it comparable.",
    "The basis is thin. Get the supplier's statement first.",
)
PASSED_UP = (
    "Above what I may decide, and the press is named.",
    "The same supplier for the fourth time: that is for a manager.",
)
TRIED = (
    "Two calls, one letter, and the offer of a new date. The customer wants somebody who can decide.",
    "Asked the supplier twice and operations once; nobody owns it.",
    "Explained the conditions, offered the usual, listened for half an hour.",
)
ASKS = (
    "May I go beyond the usual here? The fault is ours from end to end.",
    "Please decide who answers for this, us or the airline.",
    "The customer asks for a written promise that I may not give.",
)
NOTE_TO_RESTRICT = "Names passengers' data; only those who work on it need to see it."
PROBLEM = "{title}."
SOLUTION = ("{deed}.", "{deed}, and the customer told what we changed.", "{deed}. Supplier written to.")
