"""The public record: every decision, for everybody, without words and names."""
