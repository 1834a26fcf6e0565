using System.Runtime.InteropServices;

namespace Pyvene.Typed.Native;

/// <summary>The C++ runtime of a Linux system, as far as it is asked which versions of symbols it has.</summary>
internal static partial class CxxRuntime
{
    /// <summary>The name under which libraries ask for it.</summary>
    public const string FileName = "libstdc++.so.6";

    /// <summary>Picks those versions that the C++ runtime of this process does not have: all of them where there is none.</summary>
    public static SymbolVersion[] Lacking(IEnumerable<SymbolVersion> versions)
    {
        var found = NativeLibrary.TryLoad(FileName, out var runtime);
        return [.. versions.Where(version => !found || GetVersionedSymbol(runtime, version.Symbol, version.Version) == 0)];
    }

    [LibraryImport("libc", EntryPoint = "dlvsym", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetVersionedSymbol(nint library, string symbol, string version);
}
