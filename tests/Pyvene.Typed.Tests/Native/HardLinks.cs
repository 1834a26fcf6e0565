using System.Diagnostics;
using System.Globalization;

namespace Pyvene.Typed.Tests.Native;

/// <summary>Counts the names of a file on Linux; .NET has no call for it.</summary>
internal static class HardLinks
{
    public static int Count(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%h", path]) { RedirectStandardOutput = true })!;
        return int.Parse(stat.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
    }
}
