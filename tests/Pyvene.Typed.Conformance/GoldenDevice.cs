using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance;

/// <summary>Where the models and the tensors of all cases lie: the command line sets it once, before the first case.</summary>
internal static class GoldenDevice
{
    /// <summary>The device; the CPU unless the command line says otherwise.</summary>
    public static Device Current { get; private set; } = CPU;

    /// <summary>Chooses the device for the rest of the process.</summary>
    /// <param name="name">The name, such as <c>cpu</c> or <c>cuda:0</c>.</param>
    /// <exception cref="ArgumentException">There is no such device here.</exception>
    public static void Use(string name)
    {
        var device = new Device(name);
        if (device.type == DeviceType.CUDA && !cuda.is_available())
            throw new ArgumentException($"cannot run on '{name}': TorchSharp finds no CUDA device, or its native library for CUDA is not there");
        Current = device;
    }
}
