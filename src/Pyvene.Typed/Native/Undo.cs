namespace Pyvene.Typed.Native;

/// <summary>Does the given things, last first, when it is disposed.</summary>
internal sealed class Undo(params IEnumerable<Action> actions) : IDisposable
{
    private readonly Stack<Action> actions = new(actions);

    public void Add(Action action) => actions.Push(action);

    public void Dispose()
    {
        while (actions.TryPop(out var action))
        {
            action();
        }
    }
}
