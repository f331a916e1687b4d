"""What is read for the people whom data is about?"""

from app.features.privacy.queries.accesses import (
    access_at,
    accesses_at,
    accesses_by,
    accesses_to_me,
    count_accesses_to_me,
)
from app.features.privacy.queries.data import data_about, my_data, named_in, tables_about_people
from app.features.privacy.queries.overview import overview

__all__ = [
    "access_at",
    "accesses_at",
    "accesses_by",
    "accesses_to_me",
    "count_accesses_to_me",
    "data_about",
    "my_data",
    "named_in",
    "overview",
    "tables_about_people",
]
