using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Results in files for other programs.</summary>
public sealed class ExportTests : IDisposable
{
    private const string Spain = "The capital of Spain is";

    private readonly string folder = Directory.CreateTempSubdirectory("export").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void CollectedTensorsAreTheSameInEveryForm()
    {
        var experiment = Gpt2.Experiment.Collect(Gpt2.Layer(1).MlpOutput.At(0, ^1), out var output)
            .Collect(Gpt2.Layer(2).AttentionWeight.Head(1), out var weights);
        using var run = Primer.Model.Run(experiment, Spain);
        foreach (var ending in new[] { "safetensors", "json", "csv" })
        {
            run.SaveCollected(At(ending));
        }

        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(At("safetensors"));
        using var json = JsonDocument.Parse(File.ReadAllText(At("json")));
        var lines = File.ReadAllLines(At("csv")).Select(line => line.Split(',')).ToArray();
        Assert.Equal(["name", "axis0", "axis1", "axis2", "axis3", "value"], lines[0]);
        foreach (var handle in new[] { output, weights })
        {
            var values = run[handle].data<float>().ToArray();
            Assert.Equal(values, file.Read(handle.Name).data<float>().ToArray());
            var element = json.RootElement.GetProperty(handle.Name);
            Assert.Equal(run[handle].shape, element.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64()));
            Assert.Equal(values, element.GetProperty("values").EnumerateArray().Select(value => value.GetSingle()));
            Assert.Equal(
                values, lines.Where(line => line[0] == handle.Name).Select(line => float.Parse(line[^1], System.Globalization.CultureInfo.InvariantCulture)));
        }

        Assert.Equal(["0", "1", "127", ""], lines.Last(line => line[0] == output.Name)[1..^1]);
        Assert.Contains("mlp_output of layer 1", json.RootElement.GetProperty(output.Name).GetProperty("meaning").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TableIsTheSameInEveryForm()
    {
        var table = Primer.Model.Sweep(Gpt2.AllLayers, layer => Gpt2.Experiment.Zero(layer.MlpOutput), Spain, Metric.Logit(" Rome"));
        foreach (var ending in new[] { "safetensors", "json", "csv" })
        {
            table.Save(At(ending));
        }

        using var file = SafetensorsFile.Open(At("safetensors"));
        using var values = file.Read("values");
        Assert.Equal(table.ToArray().Cast<double>(), values.data<double>().ToArray());
        Assert.Equal(table.ToJson(), File.ReadAllText(At("json")));
        Assert.Equal(table.ToCsv(), File.ReadAllText(At("csv")));
    }

    [Fact]
    public void UnknownEndingIsRefusedAndWritesNothing()
    {
        using var run = Primer.Model.Run(Gpt2.Experiment.Collect(Gpt2.Layer(1).MlpOutput, out _), Spain);
        Assert.Contains(".safetensors, .json or .csv", Assert.Throws<ArgumentException>(() => run.SaveCollected(At("xlsx"))).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    private string At(string ending) => Path.Combine(folder, $"result.{ending}");
}
