using System.Globalization;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>
/// Is what these tests do as a program: it loads a model in several types, and prints for each what it has and what loading took at most; or it trains, to be
/// killed; or it fails where TorchSharp catches nothing.
/// </summary>
internal static class MemoryProgram
{
    public static void Main(string[] arguments)
    {
        if (arguments is ["train", var checkpoint])
        {
            Console.Write(Training.KilledTraining.Run(checkpoint).Result);
            return;
        }

        if (arguments is ["uncaught"])
        {
            using var vectors = ones(2, 3);
            using var product = vectors.matmul(vectors);
            return;
        }

        if (arguments is not [var folder, .. var types])
        {
            return; // a runner of tests does not come by here
        }

        foreach (var type in types.Select(Enum.Parse<ScalarType>))
        {
            ModelLoader.Load(folder, device: META, dtype: type).Dispose(); // what it takes to be ready is not counted
            var before = Status("VmRSS");
            File.WriteAllText("/proc/self/clear_refs", "5"); // the peak begins anew
            using var model = ModelLoader.Load(folder, dtype: type);
            var bytes = model.parameters().Sum(parameter => parameter.numel() * parameter.element_size());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes} {Status("VmHWM") - before}"));
        }
    }

    /// <summary>Reads a number of bytes from what Linux says of this process.</summary>
    private static long Status(string field)
    {
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith(field, StringComparison.Ordinal)); // such as VmRSS: 1234 kB
        return 1024 * long.Parse(line.Split()[^2], CultureInfo.InvariantCulture);
    }
}
