// The apus command.
