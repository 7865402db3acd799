"""The commands of `kg`, a module for each family: they parse options, call the library, print. Commands import what they use."""
