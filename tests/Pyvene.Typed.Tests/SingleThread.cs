using System.Runtime.CompilerServices;
using Pyvene.Typed.Native;
using TorchSharp;

namespace Pyvene.Typed.Tests;

/// <summary>Gives native code one thread: the tensors of these tests are tiny, and test classes run side by side.</summary>
/// <remarks>With more, threads that wait for each other take most of the time.</remarks>
internal static class SingleThread
{
    [ModuleInitializer]
    internal static void Use()
    {
        TorchLibrary.EnsureLoaded();
        torch.set_num_threads(1);
    }
}
