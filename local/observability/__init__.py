"""observability.yaml, the nested stack of queries, dashboard and alarms: written from the data files here."""
