using Pyvene.Typed.Analysis;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed;

public sealed partial class LanguageModel<TModel>
{
    /// <summary>Runs one experiment for every layer and position and reads a metric off each.</summary>
    /// <remarks>The cells share one clean run of the base and one run of the source: each starts in the layer that it changes, all of them in one batch. Every value equals that of a run by itself up to rounding.</remarks>
    /// <typeparam name="TLayer">The generated type of a layer.</typeparam>
    /// <param name="layers">The layers, such as <c>Gpt2.AllLayers</c>: the rows.</param>
    /// <param name="positions">The positions in the base, such as <see cref="Positions.All"/>: the columns.</param>
    /// <param name="cell">Returns the experiment of a cell.</param>
    /// <param name="base">The prompt that is intervened on. With several examples the table holds means.</param>
    /// <param name="source">The prompt that is read.</param>
    /// <param name="metric">What is read off the next-token logits.</param>
    /// <exception cref="InterventionException">A cell, a prompt or the metric does not fit the model; nothing has run.</exception>
    public SweepTable Sweep<TLayer>(
        Layers<TLayer> layers, Positions positions, Func<TLayer, Index, Experiment<TModel, OneSource>> cell, Prompt @base, SourceInput source, Metric metric) =>
        Sweep(layers, positions, (layer, position) => cell(layer, position).ToConfig(), @base, metric, source);

    /// <summary>Runs one experiment that reads no source for every layer and position and reads a metric off each.</summary>
    /// <inheritdoc cref="Sweep{TLayer}(Layers{TLayer}, Positions, Func{TLayer, Index, Experiment{TModel, OneSource}}, Prompt, SourceInput, Metric)"/>
    public SweepTable Sweep<TLayer>(Layers<TLayer> layers, Positions positions, Func<TLayer, Index, Experiment<TModel, NoSource>> cell, Prompt @base, Metric metric) =>
        Sweep(layers, positions, (layer, position) => cell(layer, position).ToConfig(), @base, metric);

    private SweepTable Sweep<TLayer>(Layers<TLayer> layers, Positions positions, Func<TLayer, Index, InterventionConfig> cell, Prompt @base, Metric metric, params SourceInput[] sources)
    {
        var measure = metric.For(Tokenizer);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var batch = prompts.Encode(@base, "base");
        var rows = layers.Of(LayerCount);
        var columns = batch.OffsetsOf(PositionResolver.Resolve(positions, batch, "the sweep's columns", "base")[0]);

        using var sweep = InterventionSweep.Bind(Module, [.. rows.SelectMany(row => columns.Select(column => cell(row.Layer, column)))]);
        using var run = sweep.Run(batch, Encode(sources));
        var clean = run.CleanLogits.to(float32); // [batch, vocab]
        var values = new double[rows.Count, columns.Count];
        for (var index = 0; index < values.Length; index++)
        {
            values[index / columns.Count, index % columns.Count] = Mean(run.Logits[index]);
        }

        return new SweepTable(
            metric.Name,
            [.. rows.Select(row => $"layer {row.Index}")],
            [.. columns.Select(column => TokenName(batch, column))],
            values,
            Mean(run.CleanLogits),
            [.. run.Receipts.SelectMany(cell => cell)]);

        double Mean(Tensor logits) => measure(logits.to(float32), clean).to(float64).mean().cpu().item<double>();
    }

    private string TokenName(Batch batch, int position)
    {
        if (Tokenizer is null)
        {
            return position.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        using var id = batch.Inputs.InputIds![0, batch.Column(0, position)].cpu();
        return Tokenizer.TokenText((int)id.item<long>()).Replace("\n", "\\n", StringComparison.Ordinal).Trim(' ');
    }
}
