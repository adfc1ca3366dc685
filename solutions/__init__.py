"""Reference answers, cases and misconceptions, one folder a lesson. Never published."""
