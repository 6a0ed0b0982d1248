"""`make invoke`: runs the events of events/ through `sam local invoke`, in a container."""
