// Laid out first so that the house builds; the room's own files follow.
