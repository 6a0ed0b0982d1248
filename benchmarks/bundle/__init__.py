"""The bundle as it is deployed, held against handlers of the same contract on other libraries."""
