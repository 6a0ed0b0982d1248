"""`make rehearse`: the bundle deployed, called, rolled back and deleted in an AWS emulator on loopback."""
