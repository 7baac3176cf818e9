"""Planning: programmes, cohorts, questionnaires and evaluations come into being here."""
