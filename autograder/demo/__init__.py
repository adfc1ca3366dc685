"""The main job on a simulated class: from the built release to gradebook, feedback and verdicts."""
