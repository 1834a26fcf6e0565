using System.Diagnostics;
using System.Globalization;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Benchmarks;

/// <summary>
/// Measures a Llama of the size of Llama 2 7B in bfloat16, which is written with random weights and removed again: loading, an interchange, text.
/// </summary>
internal static class LargeModel
{
    private const int Hidden = 4096, Inner = 11008, Vocabulary = 32000, NewTokens = 8;
    private const double MostMemory = 16, MostBesideModel = 0.6, MostSeconds = 600;

    /// <summary>Measures and prints.</summary>
    /// <param name="parent">The folder that the model's folder is made in; <see langword="null"/> = that of temporary files.</param>
    /// <param name="layers">The number of layers; 32 = 7 billion parameters.</param>
    /// <returns>The exit code: 1 where there is too little room, or memory or time were more than they should be.</returns>
    public static int Run(string? parent, int layers)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent ?? Path.GetTempPath(), $"pyvene-typed-large-{Guid.NewGuid():N}")).FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(); // also where the process is told to end
        try
        {
            var config = ModelConfig.Parse(Config(layers), "large");
            using var outline = ModelLoader.Create(config, device: META, dtype: ScalarType.BFloat16);
            var bytes = outline.parameters().Sum(parameter => parameter.numel() * parameter.element_size());
            var room = new DriveInfo(folder).AvailableFreeSpace;
            if (room < bytes + (1L << 30))
            {
                Console.Error.WriteLine($"The model takes {bytes} bytes, but {folder} has room for {room} only. Give another folder, or fewer layers.");
                return 1;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a random Llama of {layers} layers in bfloat16, {bytes / 1e9:F2} GB, in {folder}"));
            return Measure(folder, outline, config, bytes);
        }
        finally
        {
            Remove();
        }

        void Remove()
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    private static int Measure(string folder, PretrainedModel outline, ModelConfig config, long bytes)
    {
        var all = Stopwatch.StartNew();
        var layers = (int)config.GetInteger("num_hidden_layers")!;
        SpeedTable.Row("write", Seconds(() => Write(folder, outline, layers)));
        LanguageModel<Llama>? model = null;
        SpeedTable.Row("load", Seconds(() => model = Llama.Load(folder, dtype: ScalarType.BFloat16)));
        using var loaded = model!;
        var beside = (PeakMemory() - bytes) / 1e9;
        SpeedTable.Row("memory of the process at most, beside the model", beside, "GB", MostBesideModel);
        var swap = Llama.Experiment.Interchange(Llama.Layer(layers / 2).BlockOutput.At(^1));
        var (@base, source) = (Prompt.OfTokens([1, 5, 9, 13, 17, 21, 25, 29]), Prompt.OfTokens([1, 6, 10, 14, 18, 22, 26, 30]));
        SpeedTable.Row("interchange in the middle, 8 positions, with the clean run", Seconds(() => loaded.Run(swap, @base, source).Dispose()));
        var options = new GenerationOptions { MaxNewTokens = NewTokens, MinNewTokens = NewTokens };
        SpeedTable.Row($"generation of {NewTokens} tokens", Seconds(() => loaded.Generate(@base, options).Dispose()));
        var (memory, seconds) = (PeakMemory() / 1e9, all.Elapsed.TotalSeconds);
        SpeedTable.Row("memory of the process at most", memory, "GB", MostMemory);
        SpeedTable.Row("all of it", seconds, "s", MostSeconds);
        return beside <= MostBesideModel && memory <= MostMemory && seconds <= MostSeconds ? 0 : 1;
    }

    /// <summary>Writes a file for each layer and one for the rest. All tensors are parts of one row of random numbers, each from another place on.</summary>
    private static void Write(string folder, PretrainedModel outline, int layers)
    {
        using var scope = NewDisposeScope();
        const long spare = 1 << 20;
        using var generator = new Generator(3, CPU);
        var numbers = empty((Vocabulary * (long)Hidden) + spare, ScalarType.BFloat16, CPU).normal_(0, 0.02, generator); // [number]
        var tensors = outline.named_parameters().Select((item, index) => (item.name, item.parameter.shape, Start: index * 4099L % spare));
        foreach (var file in tensors.GroupBy(item => FileOf(item.name)).ToList())
        {
            using var inner = NewDisposeScope();
            SafetensorsWriter.Write(Path.Combine(folder, file.Key), file.Select(item => (item.name, Part(numbers, item.shape, item.Start))).ToList());
        }

        var places = outline.named_parameters().Select(item => $"\"{item.name}\": \"{FileOf(item.name)}\"");
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), $$"""{ "weight_map": { {{string.Join(", ", places)}} } }""");
        File.WriteAllText(Path.Combine(folder, "config.json"), Config(layers));

        static string FileOf(string name) => name.Split('.') is [_, "layers", var layer, ..] ? $"layer-{layer}.safetensors" : "rest.safetensors";

        static Tensor Part(Tensor numbers, long[] shape, long start) =>
            numbers.narrow(0, start, shape.Aggregate(1L, (product, size) => product * size)).view(shape);
    }

    private static string Config(int layers) =>
        $$"""
        { "model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": {{Vocabulary}}, "hidden_size": {{Hidden}}, "intermediate_size": {{Inner}},
          "num_attention_heads": 32, "num_hidden_layers": {{layers}}, "max_position_embeddings": 2048 }
        """;

    private static double Seconds(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Returns the most resident memory that this process has had, in bytes; where the system does not tell, what it has now.</summary>
    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 > 0 ? process.PeakWorkingSet64 : process.WorkingSet64;
    }
}
