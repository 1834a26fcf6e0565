using System.Diagnostics.Contracts;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed;

public sealed partial class LanguageModel<TModel>
{
    /// <summary>Runs one experiment for every pair of values of two axes, such as layers and positions, and reads a metric off each.</summary>
    /// <remarks>The cells share one clean run of the base and one run of the source: each starts in the layer that it changes, all of them in one batch. Every value equals that of a run by itself up to rounding.</remarks>
    /// <typeparam name="TRow">The type of a value of the rows, such as <c>Gpt2.Block</c>.</typeparam>
    /// <typeparam name="TColumn">The type of a value of the columns, such as <see cref="Index"/>.</typeparam>
    /// <param name="rows">The rows, such as <c>Gpt2.AllLayers</c>, or a product of axes.</param>
    /// <param name="columns">The columns, such as <see cref="Positions.All"/> or <c>Gpt2.AllHeads</c>.</param>
    /// <param name="cell">Returns the experiment of a cell.</param>
    /// <param name="base">The prompt that is intervened on. With several examples the table holds means.</param>
    /// <param name="source">The prompt that is read.</param>
    /// <param name="metric">What is read off the next-token logits.</param>
    /// <exception cref="InterventionException">An axis, a cell, a prompt or the metric does not fit the model; nothing has run.</exception>
    [Pure]
    public SweepTable Sweep<TRow, TColumn>(
        IAxis<TRow> rows, IAxis<TColumn> columns, Func<TRow, TColumn, Experiment<TModel, OneSource>> cell, Prompt @base, SourceInput source, Metric metric) =>
        Sweep(rows, columns, (row, column) => cell(row, column).ToConfig(), @base, metric, source);

    /// <summary>Runs one experiment that reads no source for every pair of values of two axes and reads a metric off each.</summary>
    /// <inheritdoc cref="Sweep{TRow, TColumn}(IAxis{TRow}, IAxis{TColumn}, Func{TRow, TColumn, Experiment{TModel, OneSource}}, Prompt, SourceInput, Metric)"/>
    [Pure]
    public SweepTable Sweep<TRow, TColumn>(IAxis<TRow> rows, IAxis<TColumn> columns, Func<TRow, TColumn, Experiment<TModel, NoSource>> cell, Prompt @base, Metric metric) =>
        Sweep(rows, columns, (row, column) => cell(row, column).ToConfig(), @base, metric);

    /// <summary>Runs one experiment for every value of an axis and every position, such as those of <c>1..^1</c>, and reads a metric off each.</summary>
    /// <inheritdoc cref="Sweep{TRow, TColumn}(IAxis{TRow}, IAxis{TColumn}, Func{TRow, TColumn, Experiment{TModel, OneSource}}, Prompt, SourceInput, Metric)"/>
    [Pure]
    public SweepTable Sweep<TRow>(IAxis<TRow> rows, Positions columns, Func<TRow, Index, Experiment<TModel, OneSource>> cell, Prompt @base, SourceInput source, Metric metric) =>
        Sweep<TRow, Index>(rows, columns, cell, @base, source, metric);

    /// <summary>Runs one experiment that reads no source for every value of an axis and every position and reads a metric off each.</summary>
    /// <inheritdoc cref="Sweep{TRow, TColumn}(IAxis{TRow}, IAxis{TColumn}, Func{TRow, TColumn, Experiment{TModel, OneSource}}, Prompt, SourceInput, Metric)"/>
    [Pure]
    public SweepTable Sweep<TRow>(IAxis<TRow> rows, Positions columns, Func<TRow, Index, Experiment<TModel, NoSource>> cell, Prompt @base, Metric metric) =>
        Sweep<TRow, Index>(rows, columns, cell, @base, metric);

    /// <summary>Runs one experiment for every value of an axis and reads a metric off each: a table of one column.</summary>
    /// <inheritdoc cref="Sweep{TRow, TColumn}(IAxis{TRow}, IAxis{TColumn}, Func{TRow, TColumn, Experiment{TModel, OneSource}}, Prompt, SourceInput, Metric)"/>
    [Pure]
    public SweepTable Sweep<TRow>(IAxis<TRow> rows, Func<TRow, Experiment<TModel, OneSource>> cell, Prompt @base, SourceInput source, Metric metric) =>
        Sweep(rows, Axis.Of(metric.Name), (row, _) => cell(row).ToConfig(), @base, metric, source);

    /// <summary>Runs one experiment that reads no source for every value of an axis and reads a metric off each: a table of one column.</summary>
    /// <inheritdoc cref="Sweep{TRow, TColumn}(IAxis{TRow}, IAxis{TColumn}, Func{TRow, TColumn, Experiment{TModel, OneSource}}, Prompt, SourceInput, Metric)"/>
    [Pure]
    public SweepTable Sweep<TRow>(IAxis<TRow> rows, Func<TRow, Experiment<TModel, NoSource>> cell, Prompt @base, Metric metric) =>
        Sweep(rows, Axis.Of(metric.Name), (row, _) => cell(row).ToConfig(), @base, metric);

    private SweepTable Sweep<TRow, TColumn>(
        IAxis<TRow> rows, IAxis<TColumn> columns, Func<TRow, TColumn, InterventionConfig> cell, Prompt @base, Metric metric, params SourceInput[] sources)
    {
        var measure = metric.For(Tokenizer);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var batch = prompts.Encode(@base, "base");
        var places = Scope with { Positions = positions => PointsOf(positions, batch) };
        var (down, across) = (rows.PointsIn(places), columns.PointsIn(places));

        using var sweep = InterventionSweep.Bind(Module, [.. down.SelectMany(row => across.Select(column => cell(row.Value, column.Value)))]);
        using var run = sweep.Run(batch, prompts.Encode(sources));
        var clean = run.CleanLogits.to(float32); // [batch, vocab]
        var values = new double[down.Count, across.Count];
        for (var index = 0; index < values.Length; index++)
        {
            values[index / across.Count, index % across.Count] = Mean(run.Logits[index]);
        }

        return new SweepTable(
            metric.NameFor(Tokenizer),
            [.. down.Select(row => row.Name)],
            [.. across.Select(column => column.Name)],
            values,
            Mean(run.CleanLogits),
            [.. run.Receipts.SelectMany(cell => cell)]);

        double Mean(Tensor logits) => measure(logits.to(float32), clean).to(float64).mean().cpu().item<double>();
    }

    /// <summary>Gets the model's sizes for axes; positions need a prompt.</summary>
    internal AxisScope Scope => new(
        size => (int)new ArchitectureSizes(TModel.Descriptor, Module.Config)[size],
        _ => throw new InterventionException("positions", "Positions are those of a prompt; they are known in a sweep only."));

    private IReadOnlyList<AxisPoint<Index>> PointsOf(Positions positions, Batch batch) =>
        [.. batch.OffsetsOf(PositionResolver.Resolve(positions, batch, "the sweep's positions", "base")[0]).Select(position => new AxisPoint<Index>(position, TokenName(batch, position)))];

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
