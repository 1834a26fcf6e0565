namespace Pyvene.Typed.Lab;

/// <summary>Says what a person who runs the program can see.</summary>
internal static class Screen
{
    /// <summary>Gets whether a browser that is opened would be seen.</summary>
    public static bool IsHere => !Console.IsOutputRedirected && Environment.UserInteractive
        && !Has("SSH_CONNECTION") && !Has("SSH_TTY") && !Has("CI")
        && (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() || Has("DISPLAY") || Has("WAYLAND_DISPLAY"));

    /// <summary>Gets whether what is printed is seen in colours (https://no-color.org).</summary>
    public static bool HasColours => !Console.IsOutputRedirected && !Has("NO_COLOR") && Environment.GetEnvironmentVariable("TERM") != "dumb";

    private static bool Has(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
