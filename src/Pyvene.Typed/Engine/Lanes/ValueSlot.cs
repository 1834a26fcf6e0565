using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Holds what one step of a lane reads, call by call of the module, for the steps that use it.</summary>
internal sealed class ValueSlot
{
    private readonly List<(Tensor Value, StepHits? Hits)> calls = [];
    private readonly List<Tensor>? collected;

    /// <summary>Initialises an empty slot.</summary>
    public ValueSlot()
    {
    }

    /// <summary>Initialises a slot that holds a value already.</summary>
    public ValueSlot(Tensor value) => Add(value, null);

    /// <summary>Initialises a slot that hands on what it is given.</summary>
    public ValueSlot(List<Tensor> collected) => this.collected = collected;

    /// <summary>
    /// Gets the whole, once the pass has run: [batch, unit …, width]; with steps [batch, step, …, width], and with several calls of a place without steps
    /// [batch, call, unit …, width].
    /// </summary>
    public Tensor? Value { get; private set; }

    /// <summary>Gets what the calls showed, for the gradients of each; empty when none are recorded.</summary>
    public IEnumerable<Tensor> Pieces => calls.Select(call => call.Value).Where(value => value.requires_grad);

    /// <summary>Adds what a call showed.</summary>
    /// <param name="value">The values: [batch, unit …, width], or [example, 1, …, width] with steps.</param>
    /// <param name="hits">The examples that the call is for; null = all, without steps.</param>
    public void Add(Tensor value, StepHits? hits)
    {
        calls.Add((value, hits));
        collected?.Add(value);
    }

    /// <summary>Returns what a call showed, or null when there was no such call.</summary>
    public Tensor? OfCall(int call) => call < calls.Count ? calls[call].Value : null;

    /// <summary>Puts the calls together.</summary>
    /// <param name="keep">Moves the whole into the run's scope.</param>
    public void Complete(DisposeScopeKeeper keep)
    {
        if (calls.Count > 0)
        {
            Value = calls.Count == 1 && calls[0].Hits is null ? calls[0].Value : keep(Together([.. calls.Select(call => call.Value)]));
        }
    }

    /// <summary>Disposes what the slot holds, once nobody needs it.</summary>
    public void Free()
    {
        Value?.Dispose();
        foreach (var (value, _) in calls)
        {
            value.Dispose();
        }
    }

    /// <summary>Puts one tensor a call together, as the value is put together from what the calls showed.</summary>
    public Tensor Together(Tensor[] pieces) =>
        calls[0].Hits is not null ? Ordered(pieces) : pieces.Length == 1 ? pieces[0] : stack(pieces, 1); // [batch, call, unit ..., width]

    /// <summary>Sorts pieces by example and step: [batch, step, …, width].</summary>
    private Tensor Ordered(Tensor[] pieces)
    {
        var hits = calls.SelectMany(call => call.Hits!.Examples.Zip(call.Hits.Places)).ToArray();
        var order = Enumerable.Range(0, hits.Length).OrderBy(index => hits[index]).Select(index => (long)index).ToArray();
        var all = cat(pieces, 0); // [example · step, 1, ..., width]
        var examples = hits.Select(hit => hit.First).Distinct().Count();
        // [batch, step, ..., width]
        return all.index(new[] { tensor(order, dtype: int64, device: all.device) }).reshape([examples, hits.Length / examples, .. all.shape[2..]]);
    }
}
