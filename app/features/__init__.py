"""Slices. Each may use those named before it, never those after (import-linter holds the order).

access → changes → partners → accounts → programs → agreements → participants → training → follow_ups → matches
→ matching → readiness → reports

access        may they?                           participants  people and their enrolments
changes       one log, many readers               training      information packs, training, acknowledgements
partners      organisations                       follow_ups    planned contacts, answers, outcomes
accounts      people who log in, service accounts matches       pairs through their states, meetings
programs      purpose, targets, cohorts           matching      policies, runs, proposals with reasons
agreements    who answers for what; hand-over     readiness     the seven factors, opening a cohort
                                                  reports       figures with population, period and rule
"""
