-- What waits for a countersignature is looked for by institution.
CREATE INDEX certificate_assessment_place ON certificate_assessment (institution, cohort);
