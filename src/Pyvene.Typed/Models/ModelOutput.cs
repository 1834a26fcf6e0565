using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Holds what one forward pass returned. Disposing it disposes its tensors, but not <see cref="Past"/>.</summary>
public sealed class ModelOutput : IDisposable
{
    private static readonly Dictionary<string, Tensor> NoneNamed = [];
    private static readonly Dictionary<string, ModelOutput> NoParts = [];

    /// <summary>Gets the logits: [batch, selected position, vocab] of a language model, [batch, label] of a classifier.</summary>
    public Tensor? Logits { get; init; }

    /// <summary>
    /// Gets what a bare model ends with: the output of the final norm, [batch, position, dModel] or, of pictures, [batch, channel, height, width]; of a
    /// recurrent model the top layer's state behind the last step, [batch, dModel].
    /// </summary>
    public Tensor? LastHiddenState { get; init; }

    /// <summary>
    /// Gets the pooled output of a bare model: of an encoder of texts what it makes of the first position, [batch, dModel], or
    /// <see langword="null"/> where its file holds no pooler, which transformers then draws at random; of pictures [batch, channel, 1, 1].
    /// </summary>
    public Tensor? PoolerOutput { get; init; }

    /// <summary>Gets the loss: a scalar; set when labels were given.</summary>
    public Tensor? Loss { get; init; }

    /// <summary>Gets the tensors that a module without names for them returned, in order: a single one, or the elements of a tuple.</summary>
    public IReadOnlyList<Tensor>? Values { get; init; }

    /// <summary>
    /// Gets the residual stream before every block and, last, the final norm's output: each [batch, position, dModel], of pictures [batch, channel, height,
    /// width]. Of a recurrent model the top layer's state at every step, as the only one: [batch, position, dModel]. Mamba's give, as in transformers, the
    /// stream behind every block in place of before it.
    /// </summary>
    public IReadOnlyList<Tensor>? HiddenStates { get; init; }

    /// <summary>Gets the attention weights of every block: each [batch, head, query, key].</summary>
    public IReadOnlyList<Tensor>? Attentions { get; init; }

    /// <summary>Gets the weights of every decoder block's cross-attention: each [batch, head, decoder position, position].</summary>
    public IReadOnlyList<Tensor>? CrossAttentions { get; init; }

    /// <summary>
    /// Gets how the router of every block scores the experts, each [row · position, expert], as its class in transformers returns it: Mixtral's before the
    /// softmax, gpt-oss's the weights of the chosen ones.
    /// </summary>
    public IReadOnlyList<Tensor>? RouterLogits { get; init; }

    /// <summary>Gets other tensors that a class returns, by the names that they have in transformers, such as <c>logits_per_image</c>.</summary>
    public IReadOnlyDictionary<string, Tensor> Named { get; init; } = NoneNamed;

    /// <summary>Gets what parts of the model returned, by their names: <c>encoder</c>, or the towers <c>text</c> and <c>vision</c>.</summary>
    public IReadOnlyDictionary<string, ModelOutput> Parts { get; init; } = NoParts;

    /// <summary>Gets what a next call goes on from; it is its creator's to dispose.</summary>
    public ModelState? Past { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors())
        {
            tensor.Dispose();
        }
    }

    /// <summary>Returns a copy without the state, with another tensor in the place of each.</summary>
    /// <param name="map">Returns what takes a tensor's place.</param>
    /// <param name="mapLogits">Returns what takes the place of the logits, or <see langword="null"/> = none.</param>
    internal ModelOutput Select(Func<Tensor, Tensor> map, Func<Tensor, Tensor?>? mapLogits = null)
    {
        return new ModelOutput
        {
            Logits = Logits is null ? null : (mapLogits ?? map)(Logits),
            LastHiddenState = One(LastHiddenState),
            PoolerOutput = One(PoolerOutput),
            Loss = One(Loss),
            Values = Each(Values),
            HiddenStates = Each(HiddenStates),
            Attentions = Each(Attentions),
            CrossAttentions = Each(CrossAttentions),
            RouterLogits = Each(RouterLogits),
            Named = Named.ToDictionary(item => item.Key, item => map(item.Value)),
            Parts = Parts.ToDictionary(item => item.Key, item => item.Value.Select(map)),
        };

        Tensor? One(Tensor? tensor) => tensor is null ? null : map(tensor);

        IReadOnlyList<Tensor>? Each(IReadOnlyList<Tensor>? tensors) => tensors?.Select(map).ToArray();
    }

    /// <summary>Returns every tensor of the output, the cache's excepted.</summary>
    internal IEnumerable<Tensor> Tensors()
    {
        Tensor?[] single = [Logits, LastHiddenState, PoolerOutput, Loss];
        IReadOnlyList<Tensor>?[] lists = [Values, HiddenStates, Attentions, CrossAttentions, RouterLogits];
        return single.OfType<Tensor>()
            .Concat(lists.SelectMany(list => list ?? []))
            .Concat(Named.Values)
            .Concat(Parts.Values.SelectMany(part => part.Tensors()));
    }
}
