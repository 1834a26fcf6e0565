using System.Diagnostics;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Generation;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Between a call and the model's forward stand at most five frames of the library, so that a stack trace can be read.</summary>
public sealed class RoadTests
{
    private const int Most = 5;
    private const string Spain = "The capital of Spain is";
    private static readonly GenerationOptions Three = new() { MaxNewTokens = 3 };
    private static readonly RunOptions Alone = new() { SharesWork = false };

    private readonly List<string[]> seen = [];

    [Fact]
    public void RunsReachTheModelInFiveFrames()
    {
        Primer.Model.Run(Seen(), Spain).Dispose();
        Primer.Model.Run(Seen(), Spain, Alone).Dispose();
        Primer.Model.Run(
            Gpt2.Experiment.WithSources(1).Interchange(Gpt2.Layer(0).MlpOutput).Apply(Gpt2.Layer(1).MlpOutput, Watched),
            Spain,
            ["The capital of Italy is"]).Dispose();
        IsShort(atLeast: 3);
    }

    [Fact]
    public void PlansReachTheModelInFiveFrames()
    {
        using var plan = Primer.Model.Bind(Seen());
        plan.Run(Spain).Dispose();
        plan.Run(Spain, Alone).Dispose();
        IsShort(atLeast: 2);
    }

    [Fact]
    public async Task TextsReachTheModelInFiveFrames()
    {
        var experiment = Gpt2.Experiment.Apply(Gpt2.Layer(1).MlpOutput.During(Steps.Prompt.And(Steps.Each)), Watched);
        Primer.Model.Generate(experiment, Spain, Three).Dispose();
        Primer.Model.Generate(experiment, Spain, Three with { NumBeams = 2 }).Dispose();
        await foreach (var piece in Primer.Model.StreamAsync(experiment, Spain, Three))
        {
            Assert.NotEmpty(piece);
        }

        IsShort(atLeast: 9);
    }

    [Fact]
    public void SweepsReachTheModelInFiveFrames()
    {
        _ = Primer.Model.Sweep(
            Gpt2.AllLayers,
            Positions.All,
            (layer, position) => Gpt2.Experiment.Apply(layer.MlpOutput.At(position), Watched),
            Spain,
            Metric.Probability(" Rome"));
        _ = Primer.Model.Sweep(Gpt2.AllLayers, layer => Gpt2.Experiment.Apply(layer.MlpOutput.At(^1), Watched), Spain, Metric.Probability(" Rome"), Alone);
        IsShort(atLeast: 2);
    }

    [Fact]
    public void ModulesAreReachedInFiveFrames()
    {
        using var module = new ToyNet();
        using var plan = Experiment.On<ToyNet>().Apply(ToyNet.Components.Blocks[0].Output, Watched).Bind(module);
        using var input = ones(1, 5, 4);
        plan.Run(input).Dispose();
        IsShort(atLeast: 1);
    }

    private Experiment<Gpt2, NoSource> Seen() => Gpt2.Experiment.Apply(Gpt2.Layer(1).MlpOutput, Watched);

    private Tensor Watched(Tensor values)
    {
        var frames = new StackTrace().GetFrames().Reverse().Select(frame => frame.GetMethod()!).ToArray();
        seen.Add([.. frames.SkipWhile(method => !IsOurs(method.DeclaringType))
            .TakeWhile(method =>
                IsOurs(method.DeclaringType) && method.DeclaringType!.Namespace?.StartsWith("Pyvene.Typed.Models", StringComparison.Ordinal) != true)
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")]);
        return values + 1;
    }

    private static bool IsOurs(Type? type) => type?.Assembly == typeof(Experiment).Assembly;

    private void IsShort(int atLeast)
    {
        Assert.True(seen.Count >= atLeast);
        Assert.All(seen, frames => Assert.True(frames.Length is > 0 and <= Most, $"{frames.Length} frames: {string.Join(" > ", frames)}"));
    }
}
