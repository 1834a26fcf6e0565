using System.Runtime.InteropServices;

namespace Pyvene.Typed.Tests.Native;

/// <summary>A test of what only Linux on x64 does.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64) Skip = "This is about Linux on x64.";
    }
}
