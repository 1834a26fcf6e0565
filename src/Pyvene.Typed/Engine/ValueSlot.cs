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

    /// <summary>Gets the whole, once the pass has run: [batch, unit …, width]; with steps [batch, step, …, width], and with several calls of a place without steps [batch, call, unit …, width].</summary>
    public Tensor? Value { get; private set; }

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
            Value = calls[0].Hits is not null ? keep(Ordered()) : calls.Count == 1 ? calls[0].Value : keep(stack(calls.Select(call => call.Value), 1));
        }
    }

    /// <summary>Sorts the pieces by example and step: [batch, step, …, width].</summary>
    private Tensor Ordered()
    {
        var hits = calls.SelectMany(call => call.Hits!.Examples.Zip(call.Hits.Places)).ToArray();
        var order = Enumerable.Range(0, hits.Length).OrderBy(index => hits[index]).Select(index => (long)index).ToArray();
        var pieces = cat([.. calls.Select(call => call.Value)], 0); // [example · step, 1, ..., width]
        var examples = hits.Select(hit => hit.First).Distinct().Count();
        return pieces.index(new[] { tensor(order, dtype: int64, device: pieces.device) }).reshape([examples, hits.Length / examples, .. pieces.shape[2..]]);
    }
}
