"""Slices. Each may use those named before it, never those after (import-linter holds the order).

access → changes → partners → accounts → programs → agreements → participants → consents → protection → enrolments
→ referrals → training → preparation → follow_ups → matches → matching → readiness → reports → privacy

access        may they?                           referrals     from one partner to another, with consent
changes       one log, many readers               training      courses, sessions, attendance, certificates
partners      organisations                       preparation   information and expectations
accounts      people who log in, service accounts follow_ups    planned contacts, answers, outcomes
programs      purpose, targets, cohorts           matches       pairs through their states, meetings
agreements    who answers for what; hand-over     matching      policies, runs, proposals with reasons
participants  people as partners hold them        readiness     the seven factors, opening a cohort
consents      by version, purpose and recipient   reports       figures with population, period and rule
protection    protected identity, clearances      privacy       what is stored about me, who has seen it
enrolments    who takes part where
"""
