"""Slices. Each may use those named before it, never those after (import-linter holds the order).

access → changes → partners → accounts → programs → agreements → participants → consents → protection → enrolments
→ referrals → training → preparation → outcomes → follow_ups → matches → calendars → incidents → placements → matching
→ health → readiness → gaps → imports → plans → cooperation → webhooks → catalogue → reports
→ privacy → rights → audit

access        may they?                           referrals     from one partner to another, with consent
changes       one log, many readers               training      courses, sessions, attendance, certificates
partners      organisations                       preparation   information and expectations
accounts      people who log in, service accounts outcomes      how people support themselves, before and after
programs      purpose, targets, cohorts           follow_ups    planned contacts and their answers
agreements    who answers for what; hand-over     matches       pairs through their states, meetings
participants  people as partners hold them        matching      policies, runs, proposals with reasons
consents      by version, purpose and recipient   health        how matches are doing, and why
protection    protected identity, clearances      readiness     the seven factors, opening a cohort
enrolments    who takes part where                reports       figures with population, period and rule
                                                  privacy       what is stored about me, who has seen it
                                                  audit         seals over the logs, incidents, monthly reviews
calendars     a person's own calendar feed        incidents     what went wrong, for few eyes
placements    people at host workplaces           gaps          what is offered, who waits, what is missing
plans         goals, measures, decisions          cooperation   channels, joint meetings, directory, what waits
imports       files from other systems            webhooks      what happens, told to partners' systems
catalogue     the public catalogue and its feeds   rights        what people may ask about their data, and its end
"""
