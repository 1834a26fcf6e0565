namespace Pyvene.Typed.Lab;

/// <summary>Writes text in the colours of a terminal.</summary>
internal static class TerminalColour
{
    /// <summary>Returns a text upon a colour, with letters that can be read on it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The class of a colour of <see cref="Palette"/>; its level 0 stays without colour.</param>
    public static string Behind(string text, string name)
    {
        if (name is [_, '0']) return text;
        var (red, green, blue) = Palette.OnDark(name);
        var letters = (299 * red) + (587 * green) + (114 * blue) > 128_000 ? "30" : "97";
        return FormattableString.Invariant($"\e[48;2;{red};{green};{blue};{letters}m{text}\e[0m");
    }
}
