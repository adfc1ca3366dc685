src=open("harness.txt").read().split("\nbad=0\n")[0]; exec(src)
import builtins,io
base=open("01_einsum_compact.py").read(); real=open
muts={"orig":("",""),"scale falsy":("if scale is None:","if not scale:"),"axis -1":("axis=axis","axis=-1"),"no shift":("scores - ops.max(scores, axis=axis, keepdims=True)","scores"),"inverted mask":('scores, -1e9)','-1e9, scores)').__class__(("scores, -1e9)","-1e9, scores)")),"weak mask":("-1e9","-1e4"),"swap wk wv":("self.wk(x), self.wv(x)","self.wv(x), self.wk(x)"),"bias ignored":("use_bias=use_bias","use_bias=False"),"layer ignores mask":("self.wv(x), mask)","self.wv(x))"),"f32 logsumexp":("(e := ops.exp(shifted)) / ops.sum(e, axis=axis, keepdims=True)","ops.exp(scores-ops.logsumexp(scores,axis=axis,keepdims=True))")}
for n,(a,b) in muts.items():
    t=base.replace(a,b) if a else base; assert not a or t!=base
    open=lambda *x,**k: io.StringIO(t)
    try: run("x"); print(n,"-> passes")
    except Exception as e: print(n,"-> fails:",type(e).__name__,str(e)[:70])
