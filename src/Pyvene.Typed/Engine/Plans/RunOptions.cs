using System.Collections.Immutable;

namespace Pyvene.Typed;

/// <summary>Holds the settings of one run.</summary>
public sealed record RunOptions
{
    /// <summary>Gets whether the clean run of the base is returned too. It shares its batch with the intervened run.</summary>
    /// <value>Unset: as without options: typed experiments return it, and <see cref="Engine.InterventionPlan"/> does not.</value>
    public bool? WithClean { get; init; }

    /// <summary>
    /// Gets whether a language model computes the logits of the next token alone, behind the last real token of every example: [batch, 1, vocab]. The head is a
    /// large part of a pass; other models return what they always do. Default: false, every position.
    /// </summary>
    public bool NextTokenOnly { get; init; }

    /// <summary>Gets what happens when an intervention has no effect. Default: <see cref="EffectCheck.Throw"/>.</summary>
    public EffectCheck Effects { get; init; }

    /// <summary>
    /// Gets whether gradients are recorded through the interventions. Default: false: no output has a graph then, and <c>backward</c> on a loss that comes of
    /// one fails in libtorch ("does not require grad and does not have a grad_fn"). With true it is the same where there is nothing that could have a gradient:
    /// the parameters are frozen, as those of a loaded model are, no module of a step learns, and no step collects.
    /// </summary>
    public bool Gradients { get; init; }

    /// <summary>Gets which work is shared; what is shared gives the same numbers up to rounding. Default: <see cref="WorkSharing.All"/>.</summary>
    public WorkSharing Sharing { get; init; } = WorkSharing.All;

    /// <summary>
    /// Gets how many bytes a sweep may take at once beside the weights and the results: its cells run in as many groups as that needs, at least one cell each.
    /// The sources run once; the clean run of the base does too, and again in each further group up to where the group's cells have left it. A single run is
    /// one group. Default: 1,000,000,000.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public long MemoryBudget
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MemoryBudget));
            field = value;
        }
    } = 1_000_000_000;

    /// <summary>
    /// Gets what a sweep compares every cell with: <c>Controls = [Control.SelfSwap, Control.MatchedRandom(20)]</c>; the table has them beside its own values
    /// (<c>table.Of(control)</c>), and so has every cell that is streamed (<c>cell.Of(control)</c>). Each runs all cells once more for every draw. Only
    /// sweeps that read metrics take them. Default: none.
    /// </summary>
    public ImmutableArray<Control> Controls { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Gets whether any work is shared; setting it chooses all of <see cref="Sharing"/>, or none.</summary>
    public bool SharesWork
    {
        get => Sharing != WorkSharing.None;
        init => Sharing = value ? WorkSharing.All : WorkSharing.None;
    }

    /// <summary>Gets whether receipts count what was changed; a training, which shows none, does not.</summary>
    internal bool CountsChanges { get; init; } = true;

    /// <summary>Refuses controls where there is no table to stand beside.</summary>
    /// <param name="door">What was called, such as <c>A run</c>.</param>
    /// <exception cref="ArgumentException">There are some.</exception>
    internal void RefuseControls(string door)
    {
        if (Controls.IsEmpty) return;
        throw new ArgumentException(
            $"{door} has no table that controls could stand beside; give Controls to Sweep or SweepAsync, or to TrainingOptions.", nameof(Controls));
    }

    /// <summary>Returns the options of a typed experiment's run, which returns the clean run unless it is told not to.</summary>
    internal static RunOptions OfTypedRun(RunOptions? options) =>
        options is { WithClean: not null } ? options : (options ?? new RunOptions()) with { WithClean = true };
}
