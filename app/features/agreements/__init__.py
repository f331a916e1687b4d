"""Who answers for what: agreements, signatures, and hand-over of duties."""
