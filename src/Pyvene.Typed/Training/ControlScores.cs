using Pyvene.Typed.Engine;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Evaluates the controls of an experiment.</summary>
internal static class ControlScores
{
    /// <summary>Returns how well examples do under controls.</summary>
    /// <param name="plan">The bound experiment, as it was trained.</param>
    /// <param name="loss">The loss of the user's own, or null for the cross entropy.</param>
    /// <param name="controls">The controls.</param>
    /// <param name="columns">The examples.</param>
    /// <param name="batchSize">How many run together.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <exception cref="Errors.InterventionException">A control has nothing to change in the experiment, or too few examples.</exception>
    public static IReadOnlyList<ControlScore> Of(
        InterventionPlan plan,
        Func<Tensor, Tensor, Tensor>? loss,
        IReadOnlyList<Control> controls,
        ExampleColumns columns,
        int batchSize,
        CancellationToken cancellationToken) =>
        [.. controls.Select(control => new ControlScore(control.Given("control"), [.. Enumerable.Range(0, control.Draws).Select(draw =>
        {
            using var scope = NewDisposeScope();
            using var other = InterventionPlan.Bind(plan.Model, control.Of(plan.Config, draw, order: null));
            return new Objective(other, loss, 0).Evaluate(columns.Under(control), batchSize, null, cancellationToken);
        })]))];
}
